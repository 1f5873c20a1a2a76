import { errors } from 'undici';

/** What a failure on the way to a target means, for people, by the code of the error. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; is it running, and is the port right?',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name of the host cannot be looked up; is there a network, or a proxy to be set as PROXY_URL?',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; is the clock of this machine right?',
};

const UNTRUSTED =
  'its certificate is signed by no authority that this machine trusts; CA_FILE takes the certificate of one (PEM)';
const NOT_TLS = 'what answers there does not speak TLS; should the URL begin with http://?';
const CLIENT_CERTIFICATE = 'it wants a client certificate that it knows: CLIENT_CERT_FILE and CLIENT_KEY_FILE (PEM)';

/** For codes of which there are many. */
const KINDS: ReadonlyArray<readonly [codes: RegExp, meaning: string]> = [
  [/^(DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(VERIFY|GET)/, UNTRUSTED],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/, NOT_TLS],
  [/ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/, CLIENT_CERTIFICATE],
];

export interface OnTheWay {
  readonly url: URL;
  /** Bytes of headers that are read. */
  readonly mostHeaders: number;
  /** What was under way when a request was lost although earlier ones were answered; `undefined`: that was not so. */
  readonly lost: readonly string[] | undefined;
}

/** What went wrong on the way to a URL, in words, and the code of the error for those who want to look it up. */
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
    return `it no longer listens; it broke down at one of these requests: ${listed(on.lost)} (${code})`;
  const meaning = MEANINGS[code] ?? KINDS.find(([codes]) => codes.test(code))?.[1];
  if (meaning !== undefined) return `${meaning} (${code})`;
  if (/^Proxy response/.test(error.message)) return `the proxy of PROXY_URL refuses: ${error.message}`;
  const isClosed = code === 'ECONNRESET' || code === 'UND_ERR_SOCKET';
  if (!isClosed || on.lost !== undefined) return error.message;
  return on.url.protocol === 'http:'
    ? `${error.message}; if this port speaks TLS, the URL has to begin with https://`
    : `${error.message}, as by a server that wants a client certificate (CLIENT_CERT_FILE and CLIENT_KEY_FILE)`;
}

const MOST_LISTED = 12;

/** The shortest first: what is unusual about a request is seldom its length. */
function listed(lost: readonly string[]): string {
  const shown = lost.toSorted((a, b) => a.length - b.length).slice(0, MOST_LISTED);
  return `${shown.join(', ')}${lost.length > shown.length ? ` and ${lost.length - shown.length} more` : ''}`;
}
