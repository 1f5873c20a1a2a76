import type { Api, CaseRequest } from '../../harness/case.ts';
import { accepts, readCallerRefusals } from '../../harness/contract/operations.ts';
import type { Exchange } from '../../harness/exchange.ts';
import { eachOnce, pairwise, type Row } from './pairs.ts';

/** Requests that differ along several axes at once, and which of them is to blame where one is not served. */

/** One thing about a request that can be as usual, or otherwise. */
export interface Axis {
  /** In words, such as `the caller`. */
  readonly name: string;
  /** The promise that each option is served; where there is none of its own, that of the operation. */
  readonly requirement?: string;
  /** The usual one first. */
  readonly options: readonly Option[];
}

export interface Option {
  /** Completes "asked with ...". */
  readonly title: string;
  /** The promise that this option is served, where it is not that of the axis. */
  readonly requirement?: string;
  readonly ask?: Partial<CaseRequest>;
  /** A signature over it is made in two ways: where one is refused, nothing is known of the option. */
  readonly signedInTwoWays?: boolean;
  /** Puts the finished request into another shape that means the same. */
  readonly arrange?: (ask: Partial<CaseRequest>) => Partial<CaseRequest>;
}

/** A request and what came of it. */
export interface Served {
  readonly row: Row;
  readonly exchange: Exchange;
  readonly served: boolean;
}

/** So many rows that are not served are looked into; the rest is told as it is. */
const MOST_EXAMINED = 3;

/**
 * Asks in rows that let every option of one axis meet every option of the others, and judges that all are served. Where
 * one is not, the axis that alone does it is blamed by its own promise; where only several together do it, the
 * operation is, and the message names them.
 *
 * @param allowed the promise that a permitted request is served
 * @param loose names of axes that need not meet each other; `all`: none need, and each option but the usual one is tried once
 */
export async function servedEverywhere(
  api: Api,
  operation: string,
  allowed: string,
  axes: readonly Axis[],
  loose: ReadonlyArray<readonly [string, string]> | 'all' = [],
): Promise<readonly Served[]> {
  const index = (name: string) => axes.findIndex((axis) => axis.name === name);
  const sizes = axes.map(({ options }) => options.length);
  const rows =
    loose === 'all'
      ? eachOnce(sizes).slice(1)
      : pairwise(
          sizes,
          loose.map(([one, other]) => [index(one), index(other)] as const),
        );
  const unknown = readCallerRefusals(api.contract.doc).unauthenticated;
  const ask = async (row: Row): Promise<Served> => {
    const exchange = await api.ask({ operation, ...merged(axes, row) });
    const plain = row.map((option, axis) => (axes[axis]?.options[option]?.signedInTwoWays ? 0 : option));
    const isUnclear = api.signed !== 'not' && plain.join() !== row.join() && accepts(unknown, exchange.response.status);
    return isUnclear ? ask(plain) : { row, exchange, served: isServed(api, allowed, exchange) };
  };
  const keep = ({ row, exchange }: Served) => {
    const promises = new Set([allowed, ...axes.flatMap((axis, index) => promiseOf(axis, row[index] ?? 0) ?? [])]);
    for (const requirement of promises) api.report(requirement, [exchange]);
  };
  const answers = await Promise.all(rows.map(ask));
  answers.filter(({ served }) => served).forEach(keep);
  const found: Culprit[] = [];
  let examined = 0;
  for (const answer of answers.filter(({ served }) => !served)) {
    const known = found.filter((culprit) => isIn(culprit, answer.row));
    const culprits = known.length > 0 || examined++ >= MOST_EXAMINED ? known : await culpritsOf(axes, answer, ask);
    found.push(...culprits.filter((culprit) => !known.includes(culprit)));
    for (const { requirement = allowed, why, evidence } of culprits.length > 0 ? culprits : [UNKNOWN])
      api.report(
        requirement,
        [...evidence, answer.exchange],
        `${answer.exchange.response.status} where asked with ${titles(axes, answer.row)}${why}`,
      );
    if (loose === 'all' && culprits.length > 0) {
      // Each option is tried once: what else is unusual here still has to be shown.
      const rest = await ask(
        answer.row.map((option, axis) => (culprits.some(({ options }) => options.has(axis)) ? 0 : option)),
      );
      if (rest.served) keep(rest);
    }
  }
  return answers;
}

const promiseOf = (axis: Axis | undefined, option: number) => axis?.options[option]?.requirement ?? axis?.requirement;

/** Options, by axis, that a request must not have to be served. */
interface Culprit {
  readonly requirement: string | undefined;
  readonly options: ReadonlyMap<number, number>;
  readonly why: string;
  readonly evidence: readonly Exchange[];
}

const UNKNOWN: Culprit = { requirement: undefined, options: new Map(), why: '', evidence: [] };

const isIn = ({ options }: Culprit, row: Row) =>
  options.size > 0 && [...options].every(([axis, option]) => row[axis] === option);

/** Looks for the single axes that are to blame, or else for those that only together are. */
async function culpritsOf(
  axes: readonly Axis[],
  answer: Served,
  ask: (row: Row) => Promise<Served>,
): Promise<Culprit[]> {
  const unusual = [...answer.row.entries()].filter(([, option]) => option !== 0);
  const usual = answer.row.map(() => 0);
  const title = (axis: number, option: number) => axes[axis]?.options[option]?.title ?? '';
  const alone = await Promise.all(
    unusual.map(async ([axis, option]) => ({ axis, option, asked: await ask(usual.with(axis, option)) })),
  );
  const single = alone.filter(({ asked }) => !asked.served);
  if (unusual.length > 1 && single.length === unusual.length) {
    const plain = await ask(usual);
    if (!plain.served) return [{ ...UNKNOWN, why: '; so is the usual request', evidence: [plain.exchange] }];
  }
  if (single.length > 0)
    return single.map(({ axis, option, asked }) => ({
      requirement: promiseOf(axes[axis], option),
      options: new Map([[axis, option]]),
      why: `; ${title(axis, option)} alone is answered with ${asked.exchange.response.status}`,
      evidence: [asked.exchange],
    }));
  const without = await Promise.all(
    unusual.map(async ([axis, option]) => ({ axis, option, asked: await ask(answer.row.with(axis, 0)) })),
  );
  const together = without.filter(({ asked }) => asked.served);
  if (together.length === 0) return [];
  return [
    {
      requirement: undefined,
      options: new Map(together.map(({ axis, option }) => [axis, option])),
      why: `; it is served without ${together.map(({ axis, option }) => title(axis, option)).join(', or without ')}`,
      evidence: together.map(({ asked }) => asked.exchange),
    },
  ];
}

const isServed = (api: Api, allowed: string, exchange: Exchange) =>
  accepts(api.contract.requirements.get(allowed)?.accepts ?? [], exchange.response.status);

/** The options of a row as one request. */
export function merged(axes: readonly Axis[], row: Row): Partial<CaseRequest> {
  const taken = axes.flatMap(({ options }, axis) => options[row[axis] ?? 0] ?? []);
  const asks = taken.map(({ ask }) => ask ?? {});
  const whole: Partial<CaseRequest> = {
    ...Object.assign({}, ...asks),
    headers: Object.assign({}, ...asks.map(({ headers }) => headers)),
    query: Object.assign({}, ...asks.map(({ query }) => query)),
    path: Object.assign({}, ...asks.map(({ path }) => path)),
  };
  return taken.reduce((ask, { arrange }) => arrange?.(ask) ?? ask, whole);
}

function titles(axes: readonly Axis[], row: Row): string {
  const unusual = axes.flatMap(({ options }, axis) => (row[axis] === 0 ? [] : (options[row[axis] ?? 0]?.title ?? [])));
  return unusual.length === 0 ? 'nothing unusual' : unusual.join(', ');
}
