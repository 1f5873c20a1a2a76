import { randomUUID } from 'node:crypto';
import { Blocked } from '../case.ts';
import { CLOCK_TOLERANCE_MS } from '../checks/timestamps.ts';
import type { Client } from '../client/client.ts';
import type { ListenerOptions } from '../client/listener.ts';
import { SIGNATURE_LIFETIME_S } from '../client/signature.ts';
import { ScopeRefused } from '../client/tokens.ts';
import { type Send, TransportError } from '../client/wire.ts';
import { isObject } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import { scopesInUse } from '../contract/security.ts';
import { type Exchange, headerValue, headline } from '../exchange.ts';
import { has } from '../verdicts/profile.ts';
import { type Note, preflight } from './preflight.ts';
import { isGivenBySetting } from './prerequisites.ts';
import { connect } from './run.ts';
import { type Settings, whoSigns } from './settings.ts';

/** One property of a target, checked before a run. */
export interface Symptom {
  /** `failed`: part of a run will be blocked, or will fail for this one reason. */
  readonly state: 'ok' | 'warning' | 'failed';
  readonly about: 'target' | 'tokens' | 'clock' | 'signatures' | 'events';
  /** One or two sentences, safe to show. */
  readonly says: string;
}

export interface Diagnosis {
  /** Why the target cannot be tested at all; `undefined`: it can. */
  readonly trouble: string | undefined;
  readonly symptoms: readonly Symptom[];
  /** In milliseconds; `undefined` without a token, `Infinity` if the endpoint does not say. */
  readonly tokenLifetimeMs: number | undefined;
}

/** Checks the configured target with a few requests, none of them a write. */
export async function diagnose(contract: Contract, settings: Settings): Promise<Diagnosis> {
  const { client, redactor, close } = await connect(contract, settings, 'd');
  const { tokenUrl, webhook } = settings;
  const signed = whoSigns(settings);
  try {
    const options = { contract, client, hasTokenUrl: tokenUrl !== undefined, signed, writes: false } as const;
    const { trouble, notes } = await preflight(options);
    if (trouble !== undefined) return { trouble: redactor.redact(trouble), symptoms: [], tokenLifetimeMs: undefined };
    const tokens = await tokensOf(contract, settings, client);
    const symptoms = [
      reached(contract, client.recorded),
      tokens.symptom,
      clockSymptom(client.recorded, signed === 'here'),
      contract.resource.list === undefined
        ? warning('signatures', `not checked, ${WITHOUT_LIST}`)
        : signatures(signed, notes),
      ...notes.filter((note) => note.about !== 'signatures').map(({ says }) => warning('target', says)),
      ...(webhook === undefined ? [] : [await listening(webhook, settings)]),
    ];
    return {
      trouble: undefined,
      symptoms: symptoms.map((one) => ({ ...one, says: redactor.redact(one.says) })),
      tokenLifetimeMs: tokens.lifetimeMs,
    };
  } finally {
    await close();
  }
}

const ok = (about: Symptom['about'], says: string): Symptom => ({ state: 'ok', about, says });
const warning = (about: Symptom['about'], says: string): Symptom => ({ state: 'warning', about, says });
const failed = (about: Symptom['about'], says: string): Symptom => ({ state: 'failed', about, says });

/** Without a list there is no request that the preflight could send. */
const WITHOUT_LIST = 'because the contract has no list';

function reached({ resource }: Contract, exchanges: readonly Exchange[]): Symptom {
  const first = exchanges.find(({ operation }) => operation === resource.list?.name);
  if (exchanges.length === 0) return warning('target', `no request was sent, ${WITHOUT_LIST}`);
  return ok('target', first === undefined ? 'it issues tokens' : `it answers: ${headline(first)}`);
}

/** The scopes that a run with these settings asks for, by what needs them. */
function scopesWanted(contract: Contract, { writes, userIds, webhook }: Settings): ReadonlyMap<string, string> {
  const { doc, resource } = contract;
  const wanted = new Map(scopesInUse(doc).map((scope) => [scope, resource.many]));
  if (!writes) return wanted;
  for (const [name, { value }] of doc.children(doc.find('#/x-prerequisites'))) {
    if (!isObject(value) || typeof value.scope !== 'string') continue;
    const isWanted = isGivenBySetting(contract, name) ? userIds.length === 0 : webhook !== undefined;
    if (isWanted) wanted.set(value.scope, `a ${name}`);
  }
  return wanted;
}

async function tokensOf(
  contract: Contract,
  settings: Settings,
  client: Pick<Client, 'token'>,
): Promise<{ readonly symptom: Symptom; readonly lifetimeMs: number | undefined }> {
  const granted: string[] = [];
  const refused: string[] = [];
  let lifetimeMs: number | undefined;
  for (const [scope, need] of scopesWanted(contract, settings)) {
    if (!has(settings.profile.scopes, scope)) continue;
    try {
      const token = await client.token([scope]);
      lifetimeMs = Math.min(lifetimeMs ?? Number.POSITIVE_INFINITY, token.lifetimeMs);
      granted.push(scope);
    } catch (error) {
      if (!(error instanceof ScopeRefused) && !(error instanceof Blocked) && !(error instanceof TransportError))
        throw error;
      refused.push(`${scope} (for ${need}): ${error.message}`);
    }
  }
  const lives = Number.isFinite(lifetimeMs) ? `, for ${Math.round(Number(lifetimeMs) / 1000)} s each` : '';
  const symptom =
    refused.length === 0
      ? ok('tokens', granted.length === 0 ? 'a run requests none' : `granted for ${granted.join(', ')}${lives}`)
      : failed(
          'tokens',
          `${refused.join('; ')}. Have the scope granted to this client, or list what it has under "scopes" in the target's profile (targets/README.md)`,
        );
  return { symptom, lifetimeMs };
}

/**
 * By how much the target's clock is ahead of ours, in milliseconds, within the bounds that the exchanges set together;
 * `undefined` if no answer has a date. A date has whole seconds, and was made at some time between request and answer.
 */
export function clockSkew(exchanges: readonly Exchange[]): number | undefined {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (const { response, startedAt, endedAt } of exchanges) {
    const date = Date.parse(headerValue(response.headers, 'date') ?? '');
    if (Number.isNaN(date)) continue;
    least = Math.max(least, date - endedAt);
    most = Math.min(most, date + 1000 - startedAt);
  }
  if (!Number.isFinite(least)) return undefined;
  return least > 0 ? least : Math.min(most, 0);
}

function clockSymptom(exchanges: readonly Exchange[], isSigned: boolean): Symptom {
  const skew = clockSkew(exchanges);
  if (skew === undefined) return warning('clock', 'no answer has a Date header, so the clock cannot be checked');
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (seconds === 0) return ok('clock', 'it agrees with the one of this machine');
  const says = `it is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the one of this machine`;
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS)
    return failed('clock', `${says}; timestamps are judged with a tolerance of ${CLOCK_TOLERANCE_MS / 60_000} minutes`);
  if (isSigned && Math.abs(skew) >= SIGNATURE_LIFETIME_S * 1000)
    return failed(
      'clock',
      `${says}; a signature is valid for ${SIGNATURE_LIFETIME_S} s, so signed requests will be refused`,
    );
  return warning('clock', says);
}

function signatures(signed: 'here' | 'by-proxy' | 'not', notes: readonly Note[]): Symptom {
  if (signed === 'by-proxy') return ok('signatures', 'a proxy signs, and its signature is accepted');
  if (signed === 'not') return ok('signatures', 'requests are not signed, and are served');
  const unchecked = notes.find((note) => note.about === 'signatures');
  return unchecked === undefined
    ? ok('signatures', 'ours is accepted, and an unsigned request is refused')
    : warning('signatures', unchecked.says);
}

/** Listens as a run would, and sends a request to the URL that a run would register. */
async function listening(options: ListenerOptions, { timeoutMs, tls }: Settings): Promise<Symptom> {
  const [{ httpListen }, { httpSend }] = await Promise.all([
    import('../client/listener.ts'),
    import('../client/http.ts'),
  ]);
  const path = `/${randomUUID()}`;
  let isReceived = false;
  const listener = await httpListen(options)((request) => {
    isReceived ||= request.path.endsWith(path);
    return 204;
  }).catch((error: unknown) => String(error instanceof Error ? error.message : error));
  if (typeof listener === 'string') return failed('events', `cannot listen on ${options.host}: ${listener}`);
  const { send, close } = httpSend({ timeoutMs, tls });
  try {
    const why = await called(send, new URL(`${listener.url}${path}`));
    if (isReceived) return ok('events', `the listener is up, and ${listener.url} reaches it`);
    return warning(
      'events',
      `from this machine, ${listener.url} does not reach the listener (${why}); from the target, it has to`,
    );
  } finally {
    await listener.close();
    await close();
  }
}

/** The result of a request, in words. */
async function called(send: Send, url: URL): Promise<string> {
  try {
    const { status } = await send({ method: 'POST', url, headers: [], body: undefined });
    return `it answers ${status}`;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return error.message;
  }
}
