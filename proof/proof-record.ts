import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProofRecord } from '../reporters/provenance.ts';

/** The record of the last proof that held, which reports quote. */
const RECORD = fileURLToPath(new URL('./record.json', import.meta.url));

/** What a record must agree with to speak of this suite; date, commit and figures follow from it. */
const BINDING = ['suite', 'contract', 'catalogue'] as const;

export function writeRecord(record: ProofRecord): void {
  writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
}

/** Why the record on file says nothing about this suite; `undefined` where it does. */
export function staleness(current: Pick<ProofRecord, (typeof BINDING)[number]>): string | undefined {
  let recorded: Partial<ProofRecord>;
  try {
    recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Partial<ProofRecord>;
  } catch {
    return 'proof/record.json cannot be read';
  }
  const [stale] = BINDING.filter((name) => recorded[name] !== current[name]);
  return stale && `the ${stale} has changed since proof/record.json was written (${recorded.date ?? 'no date'})`;
}

/** SHA-256 of the ids of everything that is tried. */
export function catalogueHash(ids: readonly string[]): string {
  return createHash('sha256').update(ids.toSorted().join('\n')).digest('hex');
}
