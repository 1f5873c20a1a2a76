import type { TlsMaterial } from '../client/http.ts';
import type { ListenerOptions } from '../client/listener.ts';
import { loadSigningKey, type SigningKey } from '../client/signature.ts';
import { LATEST, SEED, versionsOf } from '../contract/versions.ts';
import type { Deviation } from '../verdicts/deviations.ts';
import type { Profile } from '../verdicts/profile.ts';
import { nearMisses } from './near-misses.ts';
import { SETTING_NAMES, SETTINGS, type Setting, type SettingName, type ValueOf } from './setting-table.ts';

/** The settings of a run. Parsed once; every other module receives them as a value. */
export interface Settings {
  /** Base URL of the target, without a trailing slash; `undefined`: the embedded reference. */
  readonly baseUrl: string | undefined;
  readonly tokenUrl: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** What signs requests: a key of ours, or a proxy in front of the target; `undefined`: they are unsigned. */
  readonly signing: SigningKey | 'by-proxy' | undefined;
  /** URL of an HTTP proxy between this machine and the target. */
  readonly proxy: string | undefined;
  readonly tls: TlsMaterial;
  /** True if the run may create and close account groups. */
  readonly writes: boolean;
  /** Ids of existing owners for what the run creates; empty: the run creates one. */
  readonly userIds: readonly string[];
  /** True for a production target. The vendor's live host always is one, regardless of the setting. */
  readonly production: boolean;
  readonly productionWrites: boolean;
  /** The target file and its SHA-256; `undefined`: none. */
  readonly targetFile: { readonly path: string; readonly sha256: string } | undefined;
  /** Violations that are accepted for this target. */
  readonly deviations: readonly Deviation[];
  /** What this target can do. */
  readonly profile: Profile;
  /** Path of the contract document. */
  readonly contract: string;
  /** The vendor's version that the target has to keep: the name of an overlay, or `seed` for the document itself. */
  readonly contractVersion: string;
  /** Paths of modules with the user's own cases. */
  readonly caseModules: readonly string[];
  /** Who is responsible for the run, for its report. */
  readonly operator: string | undefined;
  /** The folder for reports and the history of runs. */
  readonly outputDir: string;
  /** Path of a private key (PEM) that signs the evidence. */
  readonly evidenceKeyFile: string | undefined;
  /** Where the run listens for deliveries; `undefined`: it does not. */
  readonly webhook: ListenerOptions | undefined;
  /** True if deliveries are signed. */
  readonly deliveriesSigned: boolean;
  /** A violated SHOULD fails the gate. */
  readonly strict: boolean;
  /** Undocumented properties and enum values are advice. */
  readonly tolerateAdditive: boolean;
  /** Seed of generated inputs. */
  readonly seed: number;
  /** Maximum requests per second; `undefined`: unlimited. */
  readonly rateLimit: number | undefined;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest wait for a group to reach a status, in milliseconds. */
  readonly settleMs: number;
  /** Longest run, in milliseconds. */
  readonly runTimeoutMs: number;
  /** Every setting as text that is safe to publish; of secrets and keys, only whether they are set. */
  readonly shown: ShownSettings;
}

export type ShownSettings = Readonly<Record<SettingName, string | number>>;

/** An invalid setting: its name, the value found, and what would be accepted. */
export interface SettingProblem {
  readonly name: string;
  readonly found: string;
  readonly accepted: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

type Written = (name: SettingName) => string | undefined;
type Refuse = (name: SettingName, accepted: string, found?: string) => void;
type Take = <N extends SettingName>(name: N) => ValueOf<N>;

/** As `BASE_URL`: the embedded reference, regardless of other settings. */
const REFERENCE = 'reference';
const LIVE_HOSTS = ['api.upvest.co'];

/**
 * Reads the settings from an environment; returns either all of them or every problem found. Empty counts as unset.
 *
 * @param asks false for a command that sends nothing to a target, so that none needs to be named
 */
export function readSettings(
  env: Environment,
  asks = true,
): { readonly settings: Settings } | { readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = nearMisses(env).map(({ name, meant }) => ({
    name,
    found: '(not the name of a setting)',
    accepted: `${meant}, which is not set`,
  }));
  const isReference = env.BASE_URL?.trim() === REFERENCE;
  const written: Written = (name) => {
    const isIgnored = isReference && (name === 'BASE_URL' || settingOf(name).ofTarget);
    return isIgnored ? undefined : env[name]?.trim() || undefined;
  };
  const refuse: Refuse = (name, accepted, found = written(name) ?? '') => void problems.push({ name, found, accepted });
  const values = readValues(written, refuse);
  // Each value comes from the kind of its own setting, or from its fallback.
  const take: Take = (name) => values.get(name) as ValueOf<typeof name>;

  const baseUrl = take('BASE_URL');
  if (asks) for (const name of lostIn(env)) refuse(name, LOST, '(set, and empty)');
  checkTarget(take, written, refuse, asks);
  // The untrimmed passphrase: white space may be part of it.
  const signing = signingOf(take, written, refuse, env.SIGNING_KEY_PASSPHRASE);
  const webhook = webhookOf(take, refuse);
  const production = take('PRODUCTION') || isLive(baseUrl);
  if (take('WRITES') && production && !take('PRODUCTION_WRITES'))
    refuse('WRITES', 'off for a production target; PRODUCTION_WRITES=yes confirms that writes are intended');
  const contract = take('CONTRACT')?.path ?? '';
  const contractVersion = contract === '' ? SEED : versionOf(contract, take('CONTRACT_VERSION'), refuse);
  if (problems.length > 0) return { problems };
  const { file: targetFile, deviations, profile } = take('TARGET');
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
      targetFile,
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

/** The value of every setting; its fallback if it is unset or invalid. */
function readValues(written: Written, refuse: Refuse): ReadonlyMap<SettingName, unknown> {
  const values = new Map<SettingName, unknown>();
  for (const name of SETTING_NAMES) {
    const { kind, fallback, instead } = settingOf(name);
    const text = written(name) ?? instead;
    const read = text === undefined ? undefined : kind.read(text);
    if (read && 'accepted' in read) refuse(name, read.accepted, read.found);
    // Even an invalid BASE_URL means that the target is not the reference.
    values.set(name, read && 'value' in read ? read.value : fallback(written('BASE_URL')));
  }
  return values;
}

const LOST = 'a value: in a pipeline (CI is set), an empty variable usually means one that did not reach the job';

/** Settings that did not reach a pipeline job, such as secrets that are withheld from forks or unprotected branches. */
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
        `the URL of the target that ${lost.join(', ')} belong${lost.length === 1 ? 's' : ''} to, or ${REFERENCE} for the embedded reference`,
      );
  }
  const [certificate, key] = [take('CLIENT_CERT_FILE'), take('CLIENT_KEY_FILE')];
  if ((certificate === undefined) !== (key === undefined))
    refuse(certificate === undefined ? 'CLIENT_CERT_FILE' : 'CLIENT_KEY_FILE', 'set together with the other');
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
    refuse(
      'WEBHOOK_URL',
      'the URL at which the target reaches this machine, because WEBHOOK_LISTEN listens on all addresses',
    );
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

/** Who signs the requests of a run; those to the embedded reference are signed with a key made for the run. */
export function whoSigns({ baseUrl, signing }: Settings): 'here' | 'by-proxy' | 'not' {
  if (signing === 'by-proxy') return 'by-proxy';
  return signing === undefined && baseUrl !== undefined ? 'not' : 'here';
}

/** All problems as one message, one line each. */
export function explain(problems: readonly SettingProblem[]): string {
  const lines = problems.map(
    ({ name, found, accepted }) =>
      `  ${name}: ${found === '' ? 'is missing' : `found ${JSON.stringify(found)}`}; accepted: ${accepted}`,
  );
  return ['The settings are invalid:', ...lines, 'See .env.example for every setting.'].join('\n');
}

const isLive = (url: string | undefined) =>
  url !== undefined && URL.canParse(url) && LIVE_HOSTS.includes(new URL(url).hostname);

/** True for the wildcard address, in any notation. */
function isEverywhere(host: string): boolean {
  const url = `http://${host.includes(':') ? `[${host}]` : host}`;
  return URL.canParse(url) && ['0.0.0.0', '[::]'].includes(new URL(url).hostname);
}
