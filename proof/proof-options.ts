import { parseArgs } from 'node:util';
import { SEED } from '../harness/contract/versions.ts';

export interface ProofOptions {
  /** Only faults and variants with one of these in their id, or in that of a requirement that they break. */
  readonly words: readonly string[];
  /** No faults and variants with one of these in their id. */
  readonly except: readonly string[];
  /** All faults and all sets of variants, instead of a sample. */
  readonly all: boolean;
  /** Number of seeds with which the honest reference and every variant are run. */
  readonly seeds: number;
  /** Write the record that reports quote; that of a single version speaks of the whole catalogue. */
  readonly update: boolean;
  /** The version of the contract, and of the reference. */
  readonly version: string;
  /** Every version, one after the other: a sample of its faults, and all that concern what changed since the one before. */
  readonly everyVersion: boolean;
  /** Print a line for each fault. */
  readonly verbose: boolean;
  /** Only faults that must break one of these requirements, and no variants. */
  readonly breaking: readonly string[];
  /** Stop at the first failure. */
  readonly failFast: boolean;
  /** At most this many faults and this many variants, evenly spread; for a quick check. */
  readonly most: number | undefined;
}

/** Parses the arguments of the proof. @throws {TypeError} if they are invalid. */
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
      'every-version': { type: 'boolean', default: false },
    },
  });
  return {
    words: positionals,
    except: values.except,
    all: values.all || (values.update && !values['every-version']),
    seeds: whole('seeds', values.seeds) ?? 1,
    update: values.update,
    verbose: values.verbose,
    breaking: values.breaking,
    failFast: values['fail-fast'],
    most: whole('most', values.most),
    version: values.version,
    everyVersion: values['every-version'],
  };
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new TypeError(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}
