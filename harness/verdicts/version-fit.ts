import type { CaseResult } from '../case.ts';
import { type Change, changesBetween } from '../contract/delta.ts';
import type { Contract } from '../contract/index.ts';
import { responseTo } from '../contract/operations.ts';
import { historiesOf } from '../contract/promise-history.ts';
import { decodeBody, type Exchange } from '../exchange.ts';
import type { RequirementVerdict } from './verdicts.ts';

/** How well a target, or a recording of it, fits one version of the contract. */
export interface Fit {
  readonly version: string;
  readonly kept: number;
  /** Violated MUSTs. */
  readonly broken: readonly RequirementVerdict[];
  /** The versions that made the promises of this one, by id; without those that the oldest version makes. */
  readonly since: ReadonlyMap<string, string>;
  readonly untested: number;
  /** Changes up to this version that the target lacks, in words. */
  readonly missing: readonly string[];
  /** Changes in this version that were seen, in words. */
  readonly shown: readonly string[];
  /** Changes in this version that nothing shows, in words. */
  readonly unseen: readonly string[];
}

/**
 * How well the last of the versions fits.
 *
 * @param versions oldest first
 * @param verdicts against the last version
 * @param results by case id
 */
export function fitOf(
  versions: readonly Contract[],
  verdicts: readonly RequirementVerdict[],
  results: ReadonlyMap<string, CaseResult>,
): Fit {
  const byId = new Map(verdicts.map((verdict) => [verdict.requirement.id, verdict]));
  const exchanges = [...results.values()].flatMap((result) => result.exchanges);
  const contract = versions.at(-1);
  const since = new Map(
    [...historiesOf(versions)].flatMap(([id, spans]) => {
      const version = spans.at(-1)?.since;
      return version === undefined ? [] : [[id, version] as const];
    }),
  );
  const changed = (older: Contract | undefined, kind: Evidence[0]) =>
    older === undefined || contract === undefined
      ? []
      : changesBetween(older, contract)
          .filter(({ after }) => after !== undefined)
          .map((change) => evidenceOf(change, byId, exchanges, older, contract))
          .filter(([found]) => found === kind)
          .map(([, id, text]) => `${nameOf(id, since)}${text === undefined ? '' : `: ${text}`}`);
  const broken = verdicts.filter(({ verdict, requirement }) => verdict === 'failed' && requirement.level === 'MUST');
  const kept = verdicts.filter(({ verdict }) => verdict === 'passed').length;
  return {
    version: contract?.vendorVersion ?? '',
    kept,
    broken,
    since,
    untested: verdicts.length - kept - broken.length,
    missing: changed(versions[0], 'missing'),
    shown: changed(versions.at(-2), 'shown'),
    unseen: changed(versions.at(-2), 'unseen'),
  };
}

/** The id of a promise, with the version that made it. */
export function nameOf(id: string, since: Fit['since']): string {
  const version = since.get(id);
  return version === undefined ? id : `${id} (since ${version})`;
}

/** `id`: the promise that shows it. */
type Evidence = readonly [kind: 'missing' | 'shown' | 'unseen' | undefined, id: string, text?: string | undefined];

/**
 * The evidence for or against a change in a version. What a request may carry is shown by answers that accept it, not
 * by refusals.
 */
function evidenceOf(
  { id, came, before, after }: Change,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
  exchanges: readonly Exchange[],
  older: Contract,
  contract: Contract,
): Evidence {
  const verdict = verdicts.get(id);
  const why = verdict?.violations[0]?.seen ?? verdict?.reason;
  if (verdict?.verdict === 'failed') return ['missing', id, why];
  if (came.length > 0) {
    if (after?.operation !== undefined) return evidenceOfRefusal(came, after.operation, verdicts) ?? [undefined, id];
    const isSeen = isAny(verdict, exchanges, (exchange) => isNew(older, before?.pointer, exchange));
    return [isSeen ? 'shown' : 'unseen', id, came.join(', ')];
  }
  if (before?.statement === after?.statement) return [undefined, id];
  // Exchanges that the older version allows as well are no evidence of the change.
  if (contract.byPointer.has(after?.pointer ?? '')) {
    const isSeen = isAny(verdict, exchanges, (exchange) => isNew(older, before?.pointer, exchange));
    return [isSeen ? 'shown' : 'unseen', id];
  }
  // A target that does not know the feature refuses the request as well.
  if (before === undefined && after?.accepts?.every((status) => status.startsWith('4'))) return [undefined, id];
  return verdict?.verdict === 'passed' ? ['shown', id] : ['unseen', id];
}

/** True if one of the exchanges behind a verdict satisfies the predicate. */
function isAny(
  verdict: RequirementVerdict | undefined,
  exchanges: readonly Exchange[],
  predicate: (exchange: Exchange) => boolean,
): boolean {
  const ids = new Set(verdict?.exchanges);
  return exchanges.some((exchange) => ids.has(exchange.id) && predicate(exchange));
}

/**
 * Values that requests may carry since this version and the target refuses: another promise of the operation is blocked
 * for that reason.
 */
function evidenceOfRefusal(
  came: readonly string[],
  operation: string,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
): Evidence | undefined {
  for (const { requirement, verdict, reason = '' } of verdicts.values())
    if (requirement.operation === operation && verdict === 'blocked' && came.some((word) => reason.includes(word)))
      return ['missing', requirement.id, reason];
  return undefined;
}

/**
 * True if an answer or a delivery violates the schema of the older version, at the pointer if there is one, else
 * anywhere.
 */
function isNew(older: Contract, pointer: string | undefined, { operation, request, response }: Exchange): boolean {
  const answering = older.operations.find(({ name }) => name === operation);
  const text = answering === undefined ? request.body : response.body;
  const schema =
    answering === undefined
      ? older.webhooks[0]?.requestBody?.schema
      : responseTo(answering, response.status)?.body?.schema;
  const json = text === undefined ? undefined : decodeBody({ body: new TextEncoder().encode(text) }).json;
  if (schema === undefined || json === undefined) return false;
  return older.schemas
    .judge(schema, json.value)
    .violations.some((one) => pointer === undefined || one.pointer === pointer);
}

/** True if nothing contradicts the version. */
export const isPossible = ({ broken, missing }: Fit): boolean => broken.length === 0 && missing.length === 0;

/**
 * The newest version that nothing contradicts and that has evidence of its own: a change that older versions do not have.
 * The oldest needs no such evidence. `undefined` if all versions are contradicted.
 *
 * @param fits oldest first
 */
export function newestKept(fits: readonly Fit[]): Fit | undefined {
  return fits.findLast((fit, index) => isPossible(fit) && (index === 0 || fit.shown.length > 0));
}
