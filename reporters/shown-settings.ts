import { isAbsolute, relative } from 'node:path';
import type { SettingName } from '../harness/setting-names.ts';
import type { Settings } from '../harness/settings.ts';

export type ShownSettings = Readonly<Record<string, string | number>>;

/** What each machine may have in its own way without making the results differ. */
const OF_A_MACHINE: readonly string[] = [
  'SIGNING_KEY_PASSPHRASE',
  'PROXY_URL',
  'CA_FILE',
  'CLIENT_CERT_FILE',
  'CLIENT_KEY_FILE',
  'USER_ID',
  'WEBHOOK_LISTEN',
  'WEBHOOK_URL',
  'EVIDENCE_KEY_FILE',
  'RATE_LIMIT',
] satisfies readonly SettingName[];

/** Every setting, in the user's words. Of what is secret, and of keys, it says no more than whether it is set. */
export function shownSettings(settings: Settings): Readonly<Record<SettingName, string | number>> {
  const { signing, webhook, tls } = settings;
  const key = signing === 'by-proxy' ? undefined : signing;
  return {
    BASE_URL: settings.baseUrl ?? '(the embedded reference)',
    TOKEN_URL: settings.tokenUrl ?? (settings.baseUrl === undefined ? '(its own)' : `${settings.baseUrl}/auth/token`),
    CLIENT_ID: settings.clientId ?? '(its own)',
    CLIENT_SECRET: settings.clientSecret === undefined ? '(its own)' : '(set)',
    SIGNING_KEY_FILE: isSet(key),
    SIGNING_KEY_ID: key?.keyId ?? '(none)',
    SIGNING_KEY_PASSPHRASE: '(never told)',
    SIGNED_BY_PROXY: onOff(signing === 'by-proxy'),
    CA_FILE: isSet(tls.ca),
    CLIENT_CERT_FILE: isSet(tls.cert),
    CLIENT_KEY_FILE: isSet(tls.key),
    PROXY_URL: settings.proxy ?? '(none)',
    WRITES: onOff(settings.writes),
    PRODUCTION: yesNo(settings.production),
    PRODUCTION_WRITES: yesNo(settings.productionWrites),
    USER_ID: settings.userIds.join(', ') || '(created)',
    TARGET: settings.targetName ?? '(none)',
    WEBHOOK_LISTEN: webhook === undefined ? 'off' : `${webhook.host}:${webhook.port}`,
    WEBHOOK_URL: webhook?.url ?? '(none)',
    WEBHOOK_SIGNED: onOff(settings.deliveriesSigned),
    CONTRACT: portable(settings.contract),
    CONTRACT_VERSION: settings.contractVersion,
    STRICT: onOff(settings.strict),
    TOLERATE: settings.tolerateAdditive ? 'additive' : 'off',
    SEED: settings.seed,
    EVIDENCE_KEY_FILE: isSet(settings.evidenceKeyFile),
    RATE_LIMIT: settings.rateLimit ?? 'off',
    TIMEOUT: settings.timeoutMs / 1000,
    SETTLE_TIMEOUT: settings.settleMs / 1000,
    RUN_TIMEOUT: settings.runTimeoutMs / 1000,
  };
}

/** The settings that all parts of a run must share. */
export function sharedSettings(settings: ShownSettings): ShownSettings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !OF_A_MACHINE.includes(name)));
}

/** The settings of all parts of a run; where machines have their own, all that there are. */
export function joinedSettings(parts: readonly ShownSettings[]): ShownSettings {
  const [first = {}] = parts;
  return Object.fromEntries(
    Object.entries(first).map(([name, value]) => {
      const values = new Set(parts.flatMap((settings) => settings[name] ?? []));
      return [name, values.size > 1 && OF_A_MACHINE.includes(name) ? [...values].join('; ') : value];
    }),
  );
}

/** A path as others may see it: relative to where the run was started, or its last part only. */
export function portable(path: string): string {
  const inside = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return inside.startsWith('..') || isAbsolute(inside) ? (path.split(/[\\/]/).at(-1) ?? '') : inside;
}

const onOff = (value: boolean) => (value ? 'on' : 'off');
const yesNo = (value: boolean) => (value ? 'yes' : 'no');
const isSet = (value: unknown) => (value === undefined ? '(none)' : '(set)');
