import { parseArgs } from 'node:util';
import { SEED } from '../harness/contract/versions.ts';

export interface ProofOptions {
  /** Only what has one of these in its id. */
  readonly words: readonly string[];
  /** Nothing that has one of these in its id. */
  readonly except: readonly string[];
  /** Every generated fault, not a sample of them. */
  readonly all: boolean;
  /** Seeds under which the honest reference and every variant are run. */
  readonly seeds: number;
  readonly update: boolean;
  /** The version of the contract, and of the reference. */
  readonly version: string;
  /** A line for each fault. */
  readonly verbose: boolean;
  /** Only faults that name one of these requirements, and no variants. */
  readonly breaking: readonly string[];
  /** Ends with the first thing that does not hold. */
  readonly failFast: boolean;
  /** At most so many faults and so many variants, evenly spread; for a quick look. */
  readonly most: number | undefined;
}

/** @throws {TypeError} where the arguments cannot be understood. */
export function readProofOptions(args: readonly string[]): ProofOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      seeds: { type: 'string' },
      update: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      except: { type: 'string', multiple: true, default: [] },
      breaking: { type: 'string', multiple: true, default: [] },
      'fail-fast': { type: 'boolean', default: false },
      most: { type: 'string' },
      version: { type: 'string', default: SEED },
    },
  });
  return {
    words: positionals,
    except: values.except,
    all: values.all,
    seeds: whole('seeds', values.seeds) ?? 1,
    update: values.update,
    verbose: values.verbose,
    breaking: values.breaking,
    failFast: values['fail-fast'],
    most: whole('most', values.most),
    version: values.version,
  };
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new TypeError(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}
