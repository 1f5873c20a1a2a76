import type { Exchange } from '../harness/exchange.ts';
import { AUXILIARY } from '../harness/run/journal.ts';
import { areExchanges } from './report-file.ts';

/** The auxiliary exchanges in a chunk of a worker's output; `undefined` if it contains something else. */
export function auxiliaryIn(output: string): readonly Exchange[] | undefined {
  if (!output.startsWith(AUXILIARY)) return undefined;
  try {
    const value: unknown = JSON.parse(output.slice(AUXILIARY.length));
    return areExchanges(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
