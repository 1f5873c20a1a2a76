import { SEED } from '../contract/versions.ts';
import { OWN_DOCUMENT } from '../package.ts';
import {
  file,
  files,
  folder,
  type Kind,
  listening,
  oneOf,
  onOff,
  pemFile,
  secret,
  secretFile,
  target,
  text,
  UNDECLARED,
  url,
  uuid,
  uuids,
  whole,
  yesNo,
} from './setting-kinds.ts';

/** One setting: everything that the code, the README, `.env.example` and the reports say about it. */
export interface Setting<T, D extends T | undefined = T | undefined> {
  readonly kind: Kind<T>;
  /** What it is for, in one sentence of Markdown. */
  readonly meaning: string;
  /** What it is if it is unset or empty, for people. */
  readonly usually: string;
  /** The same as a value; `baseUrl` is the target's, or `undefined` for the embedded reference. */
  readonly fallback: (baseUrl: string | undefined) => D;
  /** Text that is read as if it were set. */
  readonly instead?: string;
  /** Describes a target, and means nothing to the embedded reference. */
  readonly ofTarget?: true;
  /** Decides what is tested, so that in a pipeline it must not be set and empty: a variable that was lost. */
  readonly decides?: true;
  /** Machines that share a run may differ in it. */
  readonly ofMachine?: true;
}

const optional = <T>(setting: Omit<Setting<T>, 'fallback'>): Setting<T, undefined> => ({
  ...setting,
  fallback: () => undefined,
});
const always = <T>(value: T, setting: Omit<Setting<T>, 'fallback'>): Setting<T, T> => ({
  ...setting,
  fallback: () => value,
});

const LONGEST_WAIT_S = 600;
const LONGEST_RUN_S = 86_400;
const SECOND_MS = 1000;
/** Well under the 300 a second at which the vendor's sandbox draws the line. */
const USUAL_RATE = 50;

export const SETTINGS = {
  BASE_URL: optional({
    kind: url,
    meaning: 'the target; a path prefix is kept. `reference`: the embedded reference, whatever else is set',
    usually: 'the embedded reference',
    decides: true,
  }),
  TOKEN_URL: optional({
    kind: url,
    meaning: 'OAuth token endpoint',
    usually: '`BASE_URL`/auth/token',
    ofTarget: true,
  }),
  CLIENT_ID: optional({
    kind: uuid,
    meaning: 'client id, also sent as `upvest-client-id`',
    usually: "the reference's own",
    ofTarget: true,
  }),
  CLIENT_SECRET: optional({
    kind: secret,
    meaning: 'client secret',
    usually: "the reference's own",
    ofTarget: true,
  }),
  SIGNING_KEY_FILE: optional({
    kind: secretFile,
    meaning: 'private key (PEM) that signs requests (HTTP message signatures, v15)',
    usually: 'unsigned',
    ofTarget: true,
  }),
  SIGNING_KEY_ID: optional({
    kind: text,
    meaning: 'id under which the target knows that key',
    usually: 'none',
    ofTarget: true,
  }),
  SIGNING_KEY_PASSPHRASE: optional({
    kind: secret,
    meaning: 'passphrase of that key',
    usually: 'none',
    ofTarget: true,
    ofMachine: true,
  }),
  SIGNED_BY_PROXY: always(false, {
    kind: onOff,
    meaning: '`on`: `BASE_URL` is a signing proxy; what it hides is excluded',
    usually: '`off`',
    ofTarget: true,
  }),
  CA_FILE: optional({
    kind: pemFile,
    meaning: 'authorities to trust (PEM)',
    usually: 'the usual ones',
    ofTarget: true,
    ofMachine: true,
  }),
  CLIENT_CERT_FILE: optional({
    kind: pemFile,
    meaning: 'client certificate (PEM)',
    usually: 'none',
    ofTarget: true,
    ofMachine: true,
  }),
  CLIENT_KEY_FILE: optional({
    kind: pemFile,
    meaning: 'key of the client certificate (PEM)',
    usually: 'none',
    ofTarget: true,
    ofMachine: true,
  }),
  PROXY_URL: optional({
    kind: url,
    meaning: 'HTTP proxy on the way to the target',
    usually: 'none',
    ofTarget: true,
    ofMachine: true,
  }),
  WRITES: {
    kind: onOff,
    meaning: '`on`: may create and close account groups',
    usually: '`on` for the reference, else `off`',
    fallback: (baseUrl) => baseUrl === undefined,
    decides: true,
  } satisfies Setting<boolean, boolean>,
  PRODUCTION: always(false, {
    kind: yesNo,
    meaning: '`yes`: the target is production, which refuses writes',
    usually: "`no`; the vendor's live host is production",
    ofTarget: true,
  }),
  PRODUCTION_WRITES: always(false, {
    kind: yesNo,
    meaning: '`yes`: `WRITES=on` is meant, even for production',
    usually: '`no`',
    ofTarget: true,
  }),
  USER_ID: always([], {
    kind: uuids,
    meaning: 'users who own what is created, comma separated',
    usually: 'one is created',
    ofTarget: true,
    ofMachine: true,
  }),
  TARGET: always(UNDECLARED, {
    kind: target,
    meaning:
      'name of a file in `targets/`, or path of one: what this target cannot do, and which deviations are accepted',
    usually: 'none',
    ofTarget: true,
  }),
  WEBHOOK_LISTEN: {
    kind: listening,
    meaning: '`host:port` to listen on for deliveries of events (port 0: any free one), or `off`',
    usually: '`127.0.0.1:0` for the reference, else `off`',
    fallback: (baseUrl) => (baseUrl === undefined ? { host: '127.0.0.1', port: 0 } : undefined),
    ofMachine: true,
  } satisfies Setting<{ host: string; port: number } | undefined>,
  WEBHOOK_URL: optional({
    kind: url,
    meaning: 'URL under which the target reaches it, such as that of a tunnel',
    usually: '`http://` and `WEBHOOK_LISTEN`',
    ofMachine: true,
  }),
  WEBHOOK_SIGNED: {
    kind: onOff,
    meaning: '`on`: deliveries are signed, and an unsigned one is a violation',
    usually: '`on` for the reference, else `off`',
    fallback: (baseUrl) => baseUrl === undefined,
  } satisfies Setting<boolean, boolean>,
  CONTRACT: optional({
    kind: file,
    meaning: 'path of the contract document',
    usually: '`spec/account-groups.openapi.yaml` of this suite',
    instead: OWN_DOCUMENT,
  }),
  CONTRACT_VERSION: always(SEED, {
    kind: text,
    meaning:
      "the vendor's version that the target is held to: `seed` (the document itself), one of the overlays in `versions/` beside it, such as `1.89`, or `latest`",
    usually: '`seed`',
  }),
  CASES: always([], {
    kind: files,
    meaning: 'modules with cases of your own, comma separated: their default exports make cases of the contract',
    usually: 'none',
  }),
  STRICT: always(false, {
    kind: oneOf(['on', true], ['off', false], ['1', true], ['0', false]),
    meaning: '`on`: a violated SHOULD fails the gate',
    usually: '`off`',
  }),
  TOLERATE: always(false, {
    kind: oneOf(['additive', true], ['off', false]),
    meaning: '`additive`: undocumented members and enum values are advice',
    usually: '`off`',
  }),
  SEED: always(1, { kind: whole(0, 2 ** 31 - 1), meaning: 'seed of generated inputs', usually: '`1`' }),
  OPERATOR: optional({
    kind: text,
    meaning: 'who answers for the run, such as a team, for its report',
    usually: 'nobody is named',
    ofMachine: true,
  }),
  EVIDENCE_KEY_FILE: optional({
    kind: pemFile,
    meaning: 'private key (PEM) that signs the evidence',
    usually: 'unsigned',
    ofMachine: true,
  }),
  OUTPUT_DIR: always('.', {
    kind: folder,
    meaning: 'the folder in which reports, and the history of runs, are written',
    usually: 'the current one',
    ofMachine: true,
  }),
  RATE_LIMIT: {
    kind: { ...whole(1, 1000), absent: 'off' },
    meaning: 'requests a second at most',
    usually: `\`${USUAL_RATE}\`; none on loopback`,
    fallback: (baseUrl) => (isLoopback(baseUrl) ? undefined : USUAL_RATE),
    ofMachine: true,
  } satisfies Setting<number>,
  TIMEOUT: always(10 * SECOND_MS, {
    kind: whole(1, LONGEST_WAIT_S, SECOND_MS),
    meaning: 'longest wait for one answer, in seconds',
    usually: '`10`',
  }),
  SETTLE_TIMEOUT: always(10 * SECOND_MS, {
    kind: whole(1, LONGEST_WAIT_S, SECOND_MS),
    meaning: 'longest wait for a status or an event, in seconds',
    usually: '`10`',
  }),
  RUN_TIMEOUT: always(900 * SECOND_MS, {
    kind: whole(1, LONGEST_RUN_S, SECOND_MS),
    meaning: 'longest run, in seconds; what is not known by then is `error`',
    usually: '`900`',
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
/** What a setting is once it was read. */
export type ValueOf<N extends SettingName> =
  | Extract<ReturnType<(typeof SETTINGS)[N]['kind']['read']>, { value: unknown }>['value']
  | ReturnType<(typeof SETTINGS)[N]['fallback']>;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

function isLoopback(baseUrl: string | undefined): boolean {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return true;
  const { hostname } = new URL(baseUrl);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
