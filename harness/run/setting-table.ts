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

/** One setting: the source for its parsing, its documentation, `.env.example` and its line in the reports. */
export interface Setting<T, D extends T | undefined = T | undefined> {
  readonly kind: Kind<T>;
  /** What it does, as one sentence of Markdown. */
  readonly meaning: string;
  /** Its default as Markdown: what applies if it is unset or empty. */
  readonly usually: string;
  /** Its default as a value; `baseUrl` is `undefined` for the embedded reference. */
  readonly fallback: (baseUrl: string | undefined) => D;
  /** Text that is parsed if it is unset. */
  readonly instead?: string;
  /** Describes a target; ignored for the embedded reference. */
  readonly ofTarget?: true;
  /** Decides what is tested, so that in a pipeline it must not be set but empty. */
  readonly decides?: true;
  /** May differ between the machines of a sharded run. */
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

/**
 * Upper bounds of the time-outs, in seconds: ten minutes for one wait and a day for a run catch a value in
 * milliseconds.
 */
const LONGEST_WAIT_S = 600;
const LONGEST_RUN_S = 86_400;
const SECOND_MS = 1000;
/** Requests per second; well below the 300 that the vendor's sandbox allows. */
const USUAL_RATE = 50;

export const SETTINGS = {
  BASE_URL: optional({
    kind: url,
    meaning:
      'URL of the target; a path prefix is kept. `reference`: the embedded reference, regardless of other settings',
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
    meaning: 'id by which the target knows that key',
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
    meaning: '`on`: `BASE_URL` is a signing proxy; promises that the proxy hides are excluded',
    usually: '`off`',
    ofTarget: true,
  }),
  CA_FILE: optional({
    kind: pemFile,
    meaning: 'certificate authorities to trust (PEM)',
    usually: 'those of Node.js',
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
    meaning: 'HTTP proxy between this machine and the target',
    usually: 'none',
    ofTarget: true,
    ofMachine: true,
  }),
  WRITES: {
    kind: onOff,
    meaning: '`on`: the run may create and close account groups',
    usually: '`on` for the reference, else `off`',
    fallback: (baseUrl) => baseUrl === undefined,
    decides: true,
  } satisfies Setting<boolean, boolean>,
  PRODUCTION: always(false, {
    kind: yesNo,
    meaning: '`yes`: the target is production, and `WRITES=on` is refused',
    usually: "`no`; the vendor's live host is production",
    ofTarget: true,
  }),
  PRODUCTION_WRITES: always(false, {
    kind: yesNo,
    meaning: '`yes`: confirms `WRITES=on` for a production target',
    usually: '`no`',
    ofTarget: true,
  }),
  USER_ID: always([], {
    kind: uuids,
    meaning: 'existing users who own the account groups that the run creates, comma-separated',
    usually: 'the run creates one',
    ofTarget: true,
    ofMachine: true,
  }),
  TARGET: always(UNDECLARED, {
    kind: target,
    meaning:
      'target file, by its name in `targets/` or its path: what this target cannot do, and which deviations are accepted',
    usually: 'none',
    ofTarget: true,
  }),
  WEBHOOK_LISTEN: {
    kind: listening,
    meaning: '`host:port` to listen on for event deliveries (port 0: any free one), or `off`',
    usually: '`127.0.0.1:0` for the reference, else `off`',
    fallback: (baseUrl) => (baseUrl === undefined ? { host: '127.0.0.1', port: 0 } : undefined),
    ofMachine: true,
  } satisfies Setting<{ host: string; port: number } | undefined>,
  WEBHOOK_URL: optional({
    kind: url,
    meaning: 'URL at which the target reaches the listener, such as that of a tunnel',
    usually: '`http://` followed by `WEBHOOK_LISTEN`',
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
      "the vendor's version that the target has to keep: `seed` (the document itself), an overlay in the `versions/` folder next to the document, such as `1.89`, or `latest`",
    usually: '`seed`',
  }),
  CASES: always([], {
    kind: files,
    meaning: 'modules with your own cases, comma-separated; the default export of each makes cases from the contract',
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
    meaning: 'who is responsible for the run, such as a team; shown in the report',
    usually: 'not shown',
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
    meaning: 'folder for the reports and the history of runs',
    usually: 'the working directory',
    ofMachine: true,
  }),
  RATE_LIMIT: {
    kind: { ...whole(1, 1000), absent: 'off' },
    meaning: 'maximum requests per second',
    usually: `\`${USUAL_RATE}\`; none on loopback`,
    fallback: (baseUrl) => (isLoopback(baseUrl) ? undefined : USUAL_RATE),
    ofMachine: true,
  } satisfies Setting<number>,
  TIMEOUT: always(10 * SECOND_MS, {
    kind: whole(1, LONGEST_WAIT_S, SECOND_MS),
    meaning: 'maximum wait for one answer, in seconds',
    usually: '`10`',
  }),
  SETTLE_TIMEOUT: always(10 * SECOND_MS, {
    kind: whole(1, LONGEST_WAIT_S, SECOND_MS),
    meaning: 'maximum wait for a status or an event, in seconds',
    usually: '`10`',
  }),
  RUN_TIMEOUT: always(900 * SECOND_MS, {
    kind: whole(1, LONGEST_RUN_S, SECOND_MS),
    meaning: 'maximum duration of the run, in seconds; whatever is not judged by then becomes `error`',
    usually: '`900`',
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
/** The parsed value of a setting. */
export type ValueOf<N extends SettingName> =
  | Extract<ReturnType<(typeof SETTINGS)[N]['kind']['read']>, { value: unknown }>['value']
  | ReturnType<(typeof SETTINGS)[N]['fallback']>;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

function isLoopback(baseUrl: string | undefined): boolean {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return true;
  const { hostname } = new URL(baseUrl);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
