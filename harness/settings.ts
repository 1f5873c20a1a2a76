import { readFileSync } from 'node:fs';
import type { TlsMaterial } from './client/http.ts';
import type { ListenerOptions } from './client/listener.ts';
import { loadSigningKey, type SigningKey } from './client/signature.ts';
import { isUuid } from './contract/formats.ts';
import { LATEST, SEED, versionsOf } from './contract/versions.ts';
import type { Deviation } from './deviations.ts';
import { nearMisses } from './near-misses.ts';
import { FULL_PROFILE, type Profile } from './profile.ts';
import { OF_A_TARGET, type SettingName } from './setting-names.ts';
import { readTargetFile, type TargetFile } from './target-file.ts';

/** What a run is told from outside. Parsed once; every other module gets it as a value. */
export interface Settings {
  /** Base URL of the target, without a trailing slash; `undefined`: the embedded reference. */
  readonly baseUrl: string | undefined;
  readonly tokenUrl: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Who signs requests: a key of ours, a proxy before the target, or nobody. */
  readonly signing: SigningKey | 'by-proxy' | undefined;
  /** URL of an HTTP proxy on the way to the target. */
  readonly proxy: string | undefined;
  readonly tls: TlsMaterial;
  /** May the run create and close account groups? */
  readonly writes: boolean;
  /** Ids of those who own what is created; empty: the run creates one. */
  readonly userIds: readonly string[];
  /** Is the target production? The vendor's live host is, whatever the user says. */
  readonly production: boolean;
  readonly productionWrites: boolean;
  /** Name of the file that declares the target; `undefined`: none. */
  readonly targetName: string | undefined;
  /** Violations of this target that are accepted. */
  readonly deviations: readonly Deviation[];
  /** What this target can do. */
  readonly profile: Profile;
  /** Path of the contract document. */
  readonly contract: string;
  /** The vendor's version that the target is held to, by the name of its overlay, or `seed`: the document itself. */
  readonly contractVersion: string;
  /** Path of a private key (PEM) that signs the evidence. */
  readonly evidenceKeyFile: string | undefined;
  /** Where the run listens for deliveries; `undefined`: nowhere. */
  readonly webhook: ListenerOptions | undefined;
  /** Are deliveries said to be signed? */
  readonly deliveriesSigned: boolean;
  /** A violated SHOULD fails the gate. */
  readonly strict: boolean;
  /** Undocumented properties and enum values are advice. */
  readonly tolerateAdditive: boolean;
  /** Seed of generated inputs. */
  readonly seed: number;
  /** Requests a second at most; `undefined`: as many as the target takes. */
  readonly rateLimit: number | undefined;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest wait for a group to reach a status, in milliseconds. */
  readonly settleMs: number;
  /** Longest run, in milliseconds. */
  readonly runTimeoutMs: number;
}

/** A setting that cannot be used, in the user's words. */
export interface SettingProblem {
  readonly name: string;
  readonly found: string;
  readonly accepted: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** As `BASE_URL`: the embedded reference is meant, whatever else is set. */
const REFERENCE = 'reference';
const LONGEST_WAIT_S = 600;
const LONGEST_RUN_S = 86_400;
/** Well under the 300 a second at which the vendor's sandbox draws the line. */
const USUAL_RATE = 50;
const LIVE_HOSTS = ['api.upvest.co'];

/**
 * Reads the settings from an environment; returns either all of them or every problem found. Empty counts as unset.
 * `asks`: somebody is to be asked, so that it matters who.
 */
export function readSettings(
  env: Environment,
  asks = true,
): { readonly settings: Settings } | { readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const isReferenceMeant = env.BASE_URL?.trim() === REFERENCE;
  const raw = (name: SettingName) =>
    isReferenceMeant && (name === 'BASE_URL' || OF_A_TARGET.includes(name))
      ? undefined
      : env[name]?.trim() || undefined;
  const refuse = (name: SettingName, accepted: string, found = raw(name) ?? '') =>
    void problems.push({ name, found, accepted });

  const url = (name: SettingName): string | undefined => {
    const text = raw(name);
    if (text === undefined) return undefined;
    const parsed = URL.canParse(text) ? new URL(text) : undefined;
    if (text.includes('@')) refuse(name, 'a URL without credentials in it', '(a URL with credentials)');
    else if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol) || /[?#]/.test(text))
      refuse(name, 'an absolute http:// or https:// URL without query or fragment');
    return text.replace(/\/+$/, '');
  };
  const word = <T>(name: SettingName, words: Readonly<Record<string, T>>, fallback: T): T => {
    const text = raw(name);
    if (text === undefined) return fallback;
    if (Object.hasOwn(words, text)) return words[text] ?? fallback;
    refuse(name, `one of ${Object.keys(words).join(', ')}`);
    return fallback;
  };
  const whole = (name: SettingName, least: number, most: number, fallback: number): number => {
    const text = raw(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    refuse(name, `a whole number from ${least} to ${most}`);
    return fallback;
  };

  const baseUrl = url('BASE_URL');
  const tokenUrl = url('TOKEN_URL');
  const clientId = raw('CLIENT_ID');
  const clientSecret = raw('CLIENT_SECRET');
  const lost = OF_A_TARGET.filter((name) => !['off', 'no', undefined].includes(raw(name)));
  for (const { name, meant } of nearMisses(env))
    problems.push({ name, found: '(a name of no setting)', accepted: `${meant}, which is not set` });
  if (baseUrl !== undefined) {
    if (clientId === undefined) refuse('CLIENT_ID', 'the client id for BASE_URL');
    if (clientSecret === undefined) refuse('CLIENT_SECRET', 'the client secret for BASE_URL');
  } else if (asks && lost.length > 0)
    refuse(
      'BASE_URL',
      `the target that ${lost.join(', ')} describe${lost.length === 1 ? 's' : ''}, or ${REFERENCE} where the embedded reference is meant`,
    );
  if (clientId !== undefined && !isUuid(clientId)) refuse('CLIENT_ID', 'a UUID');

  const userIds = (raw('USER_ID') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (!userIds.every(isUuid)) refuse('USER_ID', 'one or more UUIDs, separated by commas');

  const keyFile = raw('SIGNING_KEY_FILE');
  const keyId = raw('SIGNING_KEY_ID');
  let signing: Settings['signing'];
  if (keyFile !== undefined) {
    const pem = readText(keyFile);
    if (keyId === undefined) refuse('SIGNING_KEY_ID', 'the id under which the target knows the key');
    if (pem === undefined)
      refuse(
        'SIGNING_KEY_FILE',
        'the path of a readable file',
        /-----BEGIN|\n/.test(keyFile) ? '(a key instead of a path)' : keyFile,
      );
    else if (keyId !== undefined) {
      const loaded = loadSigningKey({ pem, passphrase: env.SIGNING_KEY_PASSPHRASE, keyId });
      if (loaded.ok) signing = loaded.key;
      else refuse('SIGNING_KEY_FILE', `a private key that can sign (${loaded.problem})`);
    }
  } else if (keyId !== undefined) refuse('SIGNING_KEY_ID', 'only together with SIGNING_KEY_FILE');
  if (word('SIGNED_BY_PROXY', { on: true, off: false }, false)) {
    if (keyFile !== undefined) refuse('SIGNED_BY_PROXY', 'off where SIGNING_KEY_FILE is set');
    signing = 'by-proxy';
  }

  const contract = raw('CONTRACT') ?? 'spec/account-groups.openapi.yaml';
  if (readText(contract) === undefined) refuse('CONTRACT', 'the path of a readable file', contract);
  const versions = versionsOf(contract);
  const version = raw('CONTRACT_VERSION') ?? SEED;
  const contractVersion = version === LATEST ? (versions.at(-1) ?? SEED) : version;
  if (!versions.includes(contractVersion)) refuse('CONTRACT_VERSION', `one of ${[...versions, LATEST].join(', ')}`);

  const pem = (name: SettingName) => {
    const path = raw(name);
    const text = path === undefined ? undefined : readText(path);
    if (path !== undefined && !text?.includes('-----BEGIN '))
      refuse(
        name,
        'the path of a readable file in PEM form',
        /-----BEGIN|\n/.test(path) ? '(a key instead of a path)' : path,
      );
    return text;
  };
  const ca = pem('CA_FILE');
  const cert = pem('CLIENT_CERT_FILE');
  const key = pem('CLIENT_KEY_FILE');
  if ((cert === undefined) !== (key === undefined))
    refuse(cert === undefined ? 'CLIENT_CERT_FILE' : 'CLIENT_KEY_FILE', 'set together with the other one');

  const { deviations, profile } = readTarget(raw('TARGET'), (accepted, found) => refuse('TARGET', accepted, found));

  const onOff = { on: true, off: false };
  const yes = { yes: true, no: false };
  const writes = word('WRITES', onOff, baseUrl === undefined);
  const isLive = baseUrl !== undefined && URL.canParse(baseUrl) && LIVE_HOSTS.includes(new URL(baseUrl).hostname);
  const production = word('PRODUCTION', yes, false) || isLive;
  const productionWrites = word('PRODUCTION_WRITES', yes, false);
  if (!productionWrites && production && writes)
    refuse('WRITES', 'off for a production target, unless PRODUCTION_WRITES=yes says that you mean it');
  const webhookUrl = url('WEBHOOK_URL');
  const listen = raw('WEBHOOK_LISTEN') ?? (baseUrl === undefined ? '127.0.0.1:0' : 'off');
  const [, host = '', port = ''] =
    /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(listen)?.filter(Boolean) ?? [];
  const webhook = listen === 'off' ? undefined : { host, port: Number(port), url: webhookUrl };
  if (webhook === undefined && webhookUrl !== undefined) refuse('WEBHOOK_URL', 'only together with WEBHOOK_LISTEN');
  if (webhook !== undefined && (host === '' || webhook.port > 65_535))
    refuse('WEBHOOK_LISTEN', 'host:port to listen on, port 0 for any free one, or off');
  else if (webhook !== undefined && isEverywhere(host) && webhookUrl === undefined)
    refuse('WEBHOOK_URL', 'the URL under which the target reaches this machine, as WEBHOOK_LISTEN names no address');
  const flag = { '1': true, on: true, '0': false, off: false };
  const settings: Settings = {
    baseUrl,
    tokenUrl,
    clientId,
    clientSecret,
    signing,
    proxy: url('PROXY_URL'),
    tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    writes,
    production,
    productionWrites,
    userIds,
    targetName: raw('TARGET'),
    deviations,
    profile,
    contract,
    contractVersion,
    evidenceKeyFile: pem('EVIDENCE_KEY_FILE') === undefined ? undefined : raw('EVIDENCE_KEY_FILE'),
    webhook,
    deliveriesSigned: word('WEBHOOK_SIGNED', onOff, baseUrl === undefined),
    strict: word('STRICT', flag, false),
    tolerateAdditive: word('TOLERATE', { additive: true, off: false }, false),
    seed: whole('SEED', 0, 2 ** 31 - 1, 1),
    rateLimit:
      raw('RATE_LIMIT') === undefined && isLoopback(baseUrl) ? undefined : whole('RATE_LIMIT', 1, 1000, USUAL_RATE),
    timeoutMs: whole('TIMEOUT', 1, LONGEST_WAIT_S, 10) * 1000,
    settleMs: whole('SETTLE_TIMEOUT', 1, LONGEST_WAIT_S, 10) * 1000,
    runTimeoutMs: whole('RUN_TIMEOUT', 1, LONGEST_RUN_S, 900) * 1000,
  };
  return problems.length > 0 ? { problems } : { settings };
}

/** All problems as one message, a line each. */
export function explain(problems: readonly SettingProblem[]): string {
  const lines = problems.map(
    ({ name, found, accepted }) =>
      `  ${name}: ${found === '' ? 'is missing' : `found ${JSON.stringify(found)}`}; accepted: ${accepted}`,
  );
  return ['The settings cannot be used:', ...lines, 'See .env.example for every setting.'].join('\n');
}

/** The text of a file; `undefined` where it cannot be read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return true;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** True for an address that stands for all of this machine's, however it is written. */
function isEverywhere(host: string): boolean {
  const url = `http://${host.includes(':') ? `[${host}]` : host}`;
  return URL.canParse(url) && ['0.0.0.0', '[::]'].includes(new URL(url).hostname);
}

function readTarget(name: string | undefined, refuse: (accepted: string, found: string) => void): TargetFile {
  const nothing = { profile: FULL_PROFILE, deviations: [] };
  if (name === undefined) return nothing;
  const path = `targets/${name}.yaml`;
  if (!/^[\w.-]+$/.test(name) || readText(path) === undefined) {
    refuse('the name of a readable file in targets/, without .yaml', name);
    return nothing;
  }
  try {
    return readTargetFile(path);
  } catch (error) {
    refuse(`a usable target file (${error instanceof Error ? error.message : String(error)})`, name);
    return nothing;
  }
}
