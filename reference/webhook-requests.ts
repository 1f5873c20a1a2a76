import { isJsonObject, type JsonObject } from './bodies.ts';
import { Problem } from './problems.ts';

/** How events are packaged; may contain unknown members. */
interface PackageConfig {
  readonly delay?: string;
  readonly max_package_size?: number;
}

/** The request to register a webhook. */
export interface WebhookRequest {
  readonly title: string;
  readonly url: string;
  /** Never empty. */
  readonly type: readonly string[];
  readonly config: PackageConfig;
}

/** The request to change a webhook; absent members stay unchanged. */
export type WebhookChanges = Partial<WebhookRequest & { readonly enabled: boolean }>;

const LONGEST_TITLE = 100;
const LONGEST_URL = 1000;
const KINDS: readonly unknown[] = [
  'ALL',
  'USER',
  'USER_CHECK',
  'ORDER',
  'ORDER_CANCELLATION',
  'EXECUTION',
  'POSITION',
  'CASH_BALANCE',
  'ACCOUNT',
  'ACCOUNT_GROUP',
  'REPORT',
  'TREASURY_REPORT',
  'DIRECT_DEBIT',
  'WITHDRAWAL',
  'PORTFOLIO',
  'PORTFOLIO_ALLOCATION',
  'PORTFOLIO_ORDER',
  'CORPORATE_ACTION',
  'ACCOUNT_VALUATION',
  'INTRADAY_ACCOUNT_VALUATION',
  'CASH_TRANSACTION',
  'SECURITY_TRANSACTION',
  'ACCOUNT_LIQUIDATION',
  'ACCOUNT_RETURNS',
  'VIRTUAL_CASH_INCREASE',
  'VIRTUAL_CASH_DECREASE',
  'FEE_COLLECTION',
];

export function readWebhookRequest({ title, url, type = ['ALL'], config = {}, ...rest }: JsonObject): WebhookRequest {
  refuseOthers(rest);
  return { title: readTitle(title), url: readUrl(url), type: readKinds(type), config: readConfig(config) };
}

export function readWebhookChanges({ title, url, type, config, enabled, ...rest }: JsonObject): WebhookChanges {
  refuseOthers(rest);
  return {
    ...(title !== undefined && { title: readTitle(title) }),
    ...(url !== undefined && { url: readUrl(url) }),
    ...(type !== undefined && { type: readKinds(type) }),
    ...(config !== undefined && { config: readConfig(config) }),
    ...(enabled !== undefined && { enabled: readEnabled(enabled) }),
  };
}

function refuseOthers(rest: JsonObject): void {
  const [other] = Object.keys(rest);
  if (other !== undefined) throw new Problem('invalid_request', `${JSON.stringify(other.slice(0, 100))} is unknown.`);
}

function readTitle(title: unknown): string {
  if (typeof title === 'string' && title !== '' && [...title].length <= LONGEST_TITLE) return title;
  throw new Problem('invalid_request', `title must have 1 to ${LONGEST_TITLE} characters.`);
}

/** Deliveries without TLS must not leave the machine. */
function readUrl(url: unknown): string {
  if (typeof url === 'string' && url.length <= LONGEST_URL && URL.canParse(url)) {
    const { protocol, hostname, username, password } = new URL(url);
    const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
    if (username + password === '' && (protocol === 'https:' || (protocol === 'http:' && loopback))) return url;
  }
  throw new Problem(
    'invalid_request',
    `url must be an https URL of up to ${LONGEST_URL} characters without credentials.`,
  );
}

function readKinds(kinds: unknown): readonly string[] {
  if (Array.isArray(kinds) && kinds.length > 0) {
    const known = kinds.filter((kind): kind is string => KINDS.includes(kind));
    if (known.length === kinds.length) return [...new Set(known)];
  }
  throw new Problem('invalid_request', 'type must be a list of known event types.');
}

function readConfig(config: unknown): PackageConfig {
  if (!isJsonObject(config)) throw new Problem('invalid_request', 'config must be an object.');
  const { delay, max_package_size, ...rest } = config;
  return {
    ...rest,
    ...(delay !== undefined && { delay: readDelay(delay) }),
    ...(max_package_size !== undefined && { max_package_size: readPackageSize(max_package_size) }),
  };
}

function readDelay(delay: unknown): string {
  if (typeof delay === 'string' && /^[1-9][0-9]?[sm]$/.test(delay)) return delay;
  throw new Problem('invalid_request', 'config.delay must be a duration such as 5s or 1m.');
}

function readPackageSize(size: unknown): number {
  if (typeof size === 'number' && Number.isInteger(size) && size >= 100 && size <= 1_048_576) return size;
  throw new Problem('invalid_request', 'config.max_package_size must be a whole number from 100 to 1048576.');
}

function readEnabled(enabled: unknown): boolean {
  if (typeof enabled === 'boolean') return enabled;
  throw new Problem('invalid_request', 'enabled must be true or false.');
}
