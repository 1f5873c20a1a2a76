import { errors } from 'undici';

/** What a network error means and what to do about it, by error code. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; check that the target is running, and the port',
  ENOTFOUND: 'there is no host with this name',
  EAI_AGAIN: 'the host name cannot be looked up; check the network, or set PROXY_URL if there is a proxy',
  EHOSTUNREACH: 'there is no route to this host',
  ENETUNREACH: 'there is no route to this network',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this machine',
};

const UNTRUSTED =
  'its certificate is not signed by an authority that this machine trusts; set CA_FILE to the certificate of that authority (PEM)';
const NOT_TLS = 'the server does not speak TLS; check whether the URL should begin with http://';
const CLIENT_CERTIFICATE =
  'it requires a client certificate that it knows; set CLIENT_CERT_FILE and CLIENT_KEY_FILE (PEM)';

/** Meanings for families of codes. */
const KINDS: ReadonlyArray<readonly [codes: RegExp, meaning: string]> = [
  [/^(DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(VERIFY|GET)/, UNTRUSTED],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/, NOT_TLS],
  [/ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/, CLIENT_CERTIFICATE],
];

export interface OnTheWay {
  readonly url: URL;
  /** Maximum size of all headers, in bytes. */
  readonly mostHeaders: number;
  /**
   * The requests in flight when the target stopped answering; `undefined` if it has never answered, or not stopped.
   */
  readonly lost: readonly string[] | undefined;
}

/** A network error in words, with its code to look up. */
export function explainNetworkError(error: unknown, on: OnTheWay): string {
  if (error instanceof errors.ConnectTimeoutError) return 'no connection in time (TIMEOUT)';
  if (error instanceof errors.HeadersTimeoutError) return 'no answer in time (TIMEOUT)';
  if (error instanceof errors.BodyTimeoutError) return 'the body stopped arriving (TIMEOUT)';
  if (error instanceof errors.HeadersOverflowError) return `the headers are larger than ${on.mostHeaders} bytes`;
  if (error instanceof AggregateError)
    return [...new Set(error.errors.map((one) => explainNetworkError(one, on)))].join('; ');
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'the whole answer took too long (TIMEOUT)';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ECONNREFUSED' && on.lost !== undefined)
    return `it no longer listens; it crashed at one of these requests: ${listed(on.lost)} (${code})`;
  const meaning = MEANINGS[code] ?? KINDS.find(([codes]) => codes.test(code))?.[1];
  if (meaning !== undefined) return `${meaning} (${code})`;
  if (/^Proxy response/.test(error.message)) return `the proxy in PROXY_URL refuses: ${error.message}`;
  const isClosed = code === 'ECONNRESET' || code === 'UND_ERR_SOCKET';
  if (!isClosed || on.lost !== undefined) return error.message;
  return on.url.protocol === 'http:'
    ? `${error.message}; if this port speaks TLS, the URL has to begin with https://`
    : `${error.message}; the server may require a client certificate (CLIENT_CERT_FILE and CLIENT_KEY_FILE)`;
}

const MOST_LISTED = 12;

/** The shortest first: what is unusual about a request that crashes a target is rarely its length. */
function listed(lost: readonly string[]): string {
  const shown = lost.toSorted((a, b) => a.length - b.length).slice(0, MOST_LISTED);
  return `${shown.join(', ')}${lost.length > shown.length ? ` and ${lost.length - shown.length} more` : ''}`;
}
