import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../harness/package.ts';
import { type ProofRecord, recordPath } from '../reporters/provenance.ts';

/** The hashes that must match for a record to apply to this suite. */
const BINDING = ['suite', 'contract', 'catalogue'] as const;

/** Writes the record of the last successful proof of a version, which reports quote. */
export function writeRecord(record: ProofRecord): void {
  const path = join(PACKAGE_ROOT, recordPath(record.version));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
}

/** Why the record of a version does not apply to this suite; `undefined` if it does. */
export function staleness(current: Pick<ProofRecord, 'version' | (typeof BINDING)[number]>): string | undefined {
  const path = recordPath(current.version);
  let recorded: Partial<ProofRecord>;
  try {
    recorded = JSON.parse(readFileSync(join(PACKAGE_ROOT, path), 'utf8')) as Partial<ProofRecord>;
  } catch {
    return `${path} cannot be read`;
  }
  const [stale] = BINDING.filter((name) => recorded[name] !== current[name]);
  return stale && `the ${stale} has changed since ${path} was written (${recorded.date ?? 'no date'})`;
}

/** SHA-256 of the ids of all faults and variants. */
export function catalogueHash(ids: readonly string[]): string {
  return createHash('sha256').update(ids.toSorted().join('\n')).digest('hex');
}
