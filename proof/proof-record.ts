import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProofRecord } from '../reporters/provenance.ts';

/** The record of the last successful proof, which reports quote. */
const RECORD = fileURLToPath(new URL('./record.json', import.meta.url));

/** The hashes that must match for a record to apply to this suite. */
const BINDING = ['suite', 'contract', 'catalogue'] as const;

export function writeRecord(record: ProofRecord): void {
  writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
}

/** Why the record does not apply to this suite; `undefined` if it does. */
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

/** SHA-256 of the ids of all faults and variants. */
export function catalogueHash(ids: readonly string[]): string {
  return createHash('sha256').update(ids.toSorted().join('\n')).digest('hex');
}
