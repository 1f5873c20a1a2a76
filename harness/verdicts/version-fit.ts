import type { CaseResult } from '../case.ts';
import { type Change, changesBetween } from '../contract/delta.ts';
import type { Contract } from '../contract/index.ts';
import { responseTo } from '../contract/operations.ts';
import { decodeBody, type Exchange } from '../exchange.ts';
import type { RequirementVerdict } from './verdicts.ts';

/** How well a target, or what it has sent, fits one version of the contract. */
export interface Fit {
  readonly version: string;
  readonly kept: number;
  /** Violated MUSTs. */
  readonly broken: readonly RequirementVerdict[];
  readonly untested: number;
  /** What this version and those before brought, and the target does not have, in words. */
  readonly missing: readonly string[];
  /** What the version brought, and was seen. */
  readonly shown: readonly string[];
  /** What the version brought, and nothing shows, in words. */
  readonly unseen: readonly string[];
}

/**
 * How the last of some versions fits.
 *
 * @param versions oldest first
 * @param results what was asked and answered, by case
 */
export function fitOf(
  versions: readonly Contract[],
  verdicts: readonly RequirementVerdict[],
  results: ReadonlyMap<string, CaseResult>,
): Fit {
  const byId = new Map(verdicts.map((verdict) => [verdict.requirement.id, verdict]));
  const exchanges = [...results.values()].flatMap((result) => result.exchanges);
  const contract = versions.at(-1);
  const since = (older: Contract | undefined, kind: Standing[0]) =>
    older === undefined || contract === undefined
      ? []
      : changesBetween(older, contract)
          .filter(({ after }) => after !== undefined)
          .map((change) => standing(change, byId, exchanges, older, contract))
          .flatMap(([one, told]) => (one === kind ? [told] : []));
  const broken = verdicts.filter(({ verdict, requirement }) => verdict === 'failed' && requirement.level === 'MUST');
  const kept = verdicts.filter(({ verdict }) => verdict === 'passed').length;
  return {
    version: contract?.vendorVersion ?? '',
    kept,
    broken,
    untested: verdicts.length - kept - broken.length,
    missing: since(versions[0], 'missing'),
    shown: since(versions.at(-2), 'shown'),
    unseen: since(versions.at(-2), 'unseen'),
  };
}

type Standing = readonly [kind: 'missing' | 'shown' | 'unseen' | undefined, told: string];

/** Where something that a version brought stands. What may be sent shows in what is served, not in what is refused. */
function standing(
  { id, came, before, after }: Change,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
  exchanges: readonly Exchange[],
  older: Contract,
  contract: Contract,
): Standing {
  const verdict = verdicts.get(id);
  const why = verdict?.violations[0]?.seen ?? verdict?.reason;
  if (verdict?.verdict === 'failed') return ['missing', `${id}: ${why}`];
  if (came.length > 0) {
    if (after?.operation !== undefined) return refused(came, after.operation, verdicts) ?? [undefined, id];
    const isSeen = isAny(verdict, exchanges, (exchange) => isNews(older, before?.pointer, exchange));
    return [isSeen ? 'shown' : 'unseen', `${id}: ${came.join(', ')}`];
  }
  if (before?.statement === after?.statement) return [undefined, id];
  // What an older version says as well of all that was seen shows nothing.
  if (contract.byPointer.has(after?.pointer ?? '')) {
    const isSeen = isAny(verdict, exchanges, (exchange) => isNews(older, before?.pointer, exchange));
    return [isSeen ? 'shown' : 'unseen', id];
  }
  // Whoever does not know a thing refuses it too.
  if (before === undefined && after?.accepts?.every((status) => status.startsWith('4'))) return [undefined, id];
  return verdict?.verdict === 'passed' ? ['shown', id] : ['unseen', id];
}

/** True if one of the exchanges behind a verdict is as asked for. */
function isAny(
  verdict: RequirementVerdict | undefined,
  exchanges: readonly Exchange[],
  is: (exchange: Exchange) => boolean,
): boolean {
  const ids = new Set(verdict?.exchanges);
  return exchanges.some((exchange) => ids.has(exchange.id) && is(exchange));
}

/** What may be sent as of now, and cannot be, as far as another promise of the operation is blocked by it. */
function refused(
  came: readonly string[],
  operation: string,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
): Standing | undefined {
  for (const { requirement, verdict, reason = '' } of verdicts.values())
    if (requirement.operation === operation && verdict === 'blocked' && came.some((word) => reason.includes(word)))
      return ['missing', `${requirement.id}: ${reason}`];
  return undefined;
}

/** True where an answer, or a delivery, breaks what the older version says: at one place, or anywhere. */
function isNews(older: Contract, pointer: string | undefined, { operation, request, response }: Exchange): boolean {
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

/** True where nothing that was seen speaks against the version. */
export const isPossible = ({ broken, missing }: Fit): boolean => broken.length === 0 && missing.length === 0;

/**
 * The newest version that is kept whole, and that something was seen of which only it and later ones have; `undefined` where
 * every version is broken.
 *
 * @param fits oldest first
 */
export function newestKept(fits: readonly Fit[]): Fit | undefined {
  return fits.findLast((fit, index) => isPossible(fit) && (index === 0 || fit.shown.length > 0));
}
