import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Requirement } from '../harness/contract/index.ts';
import type { ReportedRequirement } from './schema/report.ts';

/** The entry of the curation log that concerns a requirement, by the requirement's id. */
export type Log = ReadonlyMap<string, string>;

type Authority = ReportedRequirement['authority'];

/** What names our own reading, unless it is inferred from a document of the vendor's. */
export const CURATION_LOG = 'the curation log';

/** The curation log next to a contract; empty if there is none. */
export function readLog(contract: string): Log {
  try {
    return logOf(readFileSync(join(dirname(contract), 'curation-log.md'), 'utf8'));
  } catch {
    return new Map();
  }
}

/** The entries of a curation log: table rows that begin with a bold name, under second-level headings. */
export function logOf(markdown: string): Log {
  const entries = new Map<string, string>();
  let section = '';
  for (const line of markdown.split('\n')) {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    const name = /^\| \*\*(.+?)\.?\*\*/.exec(line)?.[1];
    if (name === undefined) continue;
    for (const [, id = ''] of line.matchAll(/`([a-z][\w-]*(?:\.[\w-]+)+)`/g))
      if (!entries.has(id)) entries.set(id, `${section}: ${name}`);
  }
  return entries;
}

/** The authority behind a promise. */
export function authorityOf({ id, source }: Pick<Requirement, 'id' | 'source'>, log: Log): Authority {
  if (source.startsWith('RFC ')) return { kind: 'RFC', name: source };
  const [, version, inferred] = /^upstream-(\S+)( inferred)?$/.exec(source) ?? [];
  if (version !== undefined && inferred === undefined)
    return { kind: 'vendor document', name: `the vendor's OpenAPI document ${version}` };
  if (version === undefined && source !== 'curation') return { kind: 'vendor page', name: "the vendor's page" };
  const name = version === undefined ? CURATION_LOG : `inferred from the vendor's document ${version}`;
  const entry = log.get(id) ?? siblingEntry(id, log);
  return { kind: 'our reading', name, ...(entry !== undefined && { log: entry }) };
}

/** The log names one of several analogous requirements: an entry for `list.query.limit.served` covers `retrieve` too. */
function siblingEntry(id: string, log: Log): string | undefined {
  const tail = id.slice(id.indexOf('.'));
  return [...log].find(([known]) => known.slice(known.indexOf('.')) === tail)?.[1];
}
