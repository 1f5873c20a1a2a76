import type { TlsMaterial } from '../client/http.ts';
import type { ListenerOptions } from '../client/listener.ts';
import { loadSigningKey, type SigningKey } from '../client/signature.ts';
import { LATEST, SEED, versionsOf } from '../contract/versions.ts';
import type { Deviation } from '../verdicts/deviations.ts';
import type { Profile } from '../verdicts/profile.ts';
import { nearMisses } from './near-misses.ts';
import { SETTING_NAMES, SETTINGS, type Setting, type SettingName, type ValueOf } from './setting-table.ts';

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
  /** The file that declares the target, and its SHA-256; `undefined`: none. */
  readonly targetFile: { readonly path: string; readonly sha256: string } | undefined;
  /** Violations of this target that are accepted. */
  readonly deviations: readonly Deviation[];
  /** What this target can do. */
  readonly profile: Profile;
  /** Path of the contract document. */
  readonly contract: string;
  /** The vendor's version that the target is held to, by the name of its overlay, or `seed`: the document itself. */
  readonly contractVersion: string;
  /** Paths of modules with cases of the user's own. */
  readonly caseModules: readonly string[];
  /** Who answers for the run, for its report. */
  readonly operator: string | undefined;
  /** The folder in which reports, and the history of runs, are written. */
  readonly outputDir: string;
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
  /** Every setting in the user's words; of secrets and keys no more than whether they are set. */
  readonly shown: ShownSettings;
}

export type ShownSettings = Readonly<Record<SettingName, string | number>>;

/** A setting that cannot be used, in the user's words. */
export interface SettingProblem {
  readonly name: string;
  readonly found: string;
  readonly accepted: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

type Written = (name: SettingName) => string | undefined;
type Refuse = (name: SettingName, accepted: string, found?: string) => void;
type Take = <N extends SettingName>(name: N) => ValueOf<N>;

/** As `BASE_URL`: the embedded reference is meant, whatever else is set. */
const REFERENCE = 'reference';
const LIVE_HOSTS = ['api.upvest.co'];

/**
 * Reads the settings from an environment; returns either all of them or every problem found. Empty counts as unset.
 * `asks`: a target is to be asked, so that it matters which.
 */
export function readSettings(
  env: Environment,
  asks = true,
): { readonly settings: Settings } | { readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = nearMisses(env).map(({ name, meant }) => ({
    name,
    found: '(a name of no setting)',
    accepted: `${meant}, which is not set`,
  }));
  const isReferenceMeant = env.BASE_URL?.trim() === REFERENCE;
  const written: Written = (name) => {
    const isLeftAside = isReferenceMeant && (name === 'BASE_URL' || settingOf(name).ofTarget);
    return isLeftAside ? undefined : env[name]?.trim() || undefined;
  };
  const refuse: Refuse = (name, accepted, found = written(name) ?? '') => void problems.push({ name, found, accepted });
  const values = readValues(written, refuse);
  // Each name was read by its own kind, or is its own fallback.
  const take: Take = (name) => values.get(name) as ValueOf<typeof name>;

  const baseUrl = take('BASE_URL');
  if (asks) for (const name of lostIn(env)) refuse(name, LOST, '(set, and empty)');
  checkTarget(take, written, refuse, asks);
  // White space may be part of a passphrase.
  const signing = signingOf(take, written, refuse, env.SIGNING_KEY_PASSPHRASE);
  const webhook = webhookOf(take, refuse);
  const production = take('PRODUCTION') || isLive(baseUrl);
  if (take('WRITES') && production && !take('PRODUCTION_WRITES'))
    refuse('WRITES', 'off for a production target, unless PRODUCTION_WRITES=yes says that you mean it');
  const contract = take('CONTRACT')?.path ?? '';
  const contractVersion = contract === '' ? SEED : versionOf(contract, take('CONTRACT_VERSION'), refuse);
  if (problems.length > 0) return { problems };
  const { path, deviations, profile, sha256 } = take('TARGET');
  return {
    settings: {
      baseUrl,
      tokenUrl: take('TOKEN_URL'),
      clientId: take('CLIENT_ID'),
      clientSecret: take('CLIENT_SECRET'),
      signing,
      proxy: take('PROXY_URL'),
      tls: tlsOf(take),
      writes: take('WRITES'),
      production,
      productionWrites: take('PRODUCTION_WRITES'),
      userIds: take('USER_ID'),
      targetFile: path !== undefined && sha256 !== undefined ? { path, sha256 } : undefined,
      deviations,
      profile,
      contract,
      contractVersion,
      caseModules: take('CASES'),
      operator: take('OPERATOR'),
      outputDir: take('OUTPUT_DIR'),
      evidenceKeyFile: take('EVIDENCE_KEY_FILE')?.path,
      webhook,
      deliveriesSigned: take('WEBHOOK_SIGNED'),
      strict: take('STRICT'),
      tolerateAdditive: take('TOLERATE'),
      seed: take('SEED'),
      rateLimit: take('RATE_LIMIT'),
      timeoutMs: take('TIMEOUT'),
      settleMs: take('SETTLE_TIMEOUT'),
      runTimeoutMs: take('RUN_TIMEOUT'),
      shown: shownOf(values, { PRODUCTION: production ? 'yes' : 'no', CONTRACT_VERSION: contractVersion }),
    },
  };
}

const settingOf = (name: SettingName): Setting<unknown> => SETTINGS[name];

/** The value of every setting; its fallback if it is unset, or refused. */
function readValues(written: Written, refuse: Refuse): ReadonlyMap<SettingName, unknown> {
  const values = new Map<SettingName, unknown>();
  for (const name of SETTING_NAMES) {
    const { kind, fallback, instead } = settingOf(name);
    const text = written(name) ?? instead;
    const read = text === undefined ? undefined : kind.read(text);
    if (read && 'accepted' in read) refuse(name, read.accepted, read.found);
    // A target that is refused is none the less the one that is meant.
    values.set(name, read && 'value' in read ? read.value : fallback(written('BASE_URL')));
  }
  return values;
}

const LOST = 'a value: what is set and empty in a pipeline (CI is set) is a variable that was lost';

/** Settings that a pipeline has lost on the way, such as those that forks or unprotected branches do not get. */
function lostIn(env: Environment): readonly SettingName[] {
  if ((env.CI ?? '') === '') return [];
  return SETTING_NAMES.filter((name) => settingOf(name).decides && env[name]?.trim() === '');
}

function checkTarget(take: Take, written: Written, refuse: Refuse, asks: boolean): void {
  if (written('BASE_URL') !== undefined) {
    if (written('CLIENT_ID') === undefined) refuse('CLIENT_ID', 'the client id for BASE_URL');
    if (written('CLIENT_SECRET') === undefined) refuse('CLIENT_SECRET', 'the client secret for BASE_URL');
  } else if (asks) {
    const lost = SETTING_NAMES.filter(
      (name) => settingOf(name).ofTarget && !['off', 'no', undefined].includes(written(name)),
    );
    if (lost.length > 0)
      refuse(
        'BASE_URL',
        `the target that ${lost.join(', ')} describe${lost.length === 1 ? 's' : ''}, or ${REFERENCE} if the embedded reference is meant`,
      );
  }
  const [certificate, key] = [take('CLIENT_CERT_FILE'), take('CLIENT_KEY_FILE')];
  if ((certificate === undefined) !== (key === undefined))
    refuse(certificate === undefined ? 'CLIENT_CERT_FILE' : 'CLIENT_KEY_FILE', 'set together with the other one');
}

function signingOf(take: Take, written: Written, refuse: Refuse, passphrase: string | undefined): Settings['signing'] {
  const [pem, keyId] = [take('SIGNING_KEY_FILE'), take('SIGNING_KEY_ID')];
  const isByProxy = take('SIGNED_BY_PROXY');
  if (isByProxy && pem !== undefined) refuse('SIGNED_BY_PROXY', 'off if SIGNING_KEY_FILE is set');
  if (pem === undefined) {
    if (keyId !== undefined && written('SIGNING_KEY_FILE') === undefined)
      refuse('SIGNING_KEY_ID', 'only together with SIGNING_KEY_FILE');
    return isByProxy ? 'by-proxy' : undefined;
  }
  if (keyId === undefined) {
    refuse('SIGNING_KEY_ID', 'the id under which the target knows the key');
    return undefined;
  }
  const loaded = loadSigningKey({ pem: pem.text, passphrase, keyId });
  if (loaded.ok) return loaded.key;
  refuse('SIGNING_KEY_FILE', `a private key that can sign (${loaded.problem})`);
  return undefined;
}

function versionOf(contract: string, name: string, refuse: Refuse): string {
  const versions = versionsOf(contract);
  const version = name === LATEST ? (versions.at(-1) ?? SEED) : name;
  if (!versions.includes(version)) refuse('CONTRACT_VERSION', `one of ${[...versions, LATEST].join(', ')}`);
  return version;
}

function tlsOf(take: Take): TlsMaterial {
  const [ca, cert, key] = [take('CA_FILE')?.text, take('CLIENT_CERT_FILE')?.text, take('CLIENT_KEY_FILE')?.text];
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function webhookOf(take: Take, refuse: Refuse): ListenerOptions | undefined {
  const [listening, url] = [take('WEBHOOK_LISTEN'), take('WEBHOOK_URL')];
  if (listening === undefined) {
    if (url !== undefined) refuse('WEBHOOK_URL', 'only together with WEBHOOK_LISTEN');
    return undefined;
  }
  if (isEverywhere(listening.host) && url === undefined)
    refuse('WEBHOOK_URL', 'the URL under which the target reaches this machine, as WEBHOOK_LISTEN names no address');
  return { ...listening, url };
}

function shownOf(
  values: ReadonlyMap<SettingName, unknown>,
  effective: Readonly<Partial<Record<SettingName, string>>>,
): ShownSettings {
  const shown = (name: SettingName): string | number => {
    const { kind, usually } = settingOf(name);
    const value = values.get(name);
    const usual = `(${usually.replaceAll('`', '')})`;
    return value === undefined ? (kind.absent ?? usual) : kind.show(value) === '' ? usual : kind.show(value);
  };
  const all = Object.fromEntries(SETTING_NAMES.map((name) => [name, effective[name] ?? shown(name)]));
  return all as ShownSettings;
}

/** All problems as one message, a line each. */
export function explain(problems: readonly SettingProblem[]): string {
  const lines = problems.map(
    ({ name, found, accepted }) =>
      `  ${name}: ${found === '' ? 'is missing' : `found ${JSON.stringify(found)}`}; accepted: ${accepted}`,
  );
  return ['The settings cannot be used:', ...lines, 'See .env.example for every setting.'].join('\n');
}

const isLive = (url: string | undefined) =>
  url !== undefined && URL.canParse(url) && LIVE_HOSTS.includes(new URL(url).hostname);

/** True for an address that stands for all of this machine's, however it is written. */
function isEverywhere(host: string): boolean {
  const url = `http://${host.includes(':') ? `[${host}]` : host}`;
  return URL.canParse(url) && ['0.0.0.0', '[::]'].includes(new URL(url).hostname);
}
