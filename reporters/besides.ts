import type { Exchange } from '../harness/exchange.ts';
import { BESIDES } from '../harness/run/journal.ts';
import { areExchanges } from './report-file.ts';

/** The exchanges in a piece of a worker's output that were made besides its cases; `undefined` where it is something else. */
export function besidesIn(output: string): readonly Exchange[] | undefined {
  if (!output.startsWith(BESIDES)) return undefined;
  try {
    const value: unknown = JSON.parse(output.slice(BESIDES.length));
    return areExchanges(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
