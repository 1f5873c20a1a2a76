import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isObject } from '../contract/document.ts';
import { excerpt } from '../contract/schemas.ts';
import type { ReceivedRequest } from '../delivery.ts';
import {
  type Component,
  componentValue,
  type Destination,
  field,
  parameterOf,
  readComponents,
  spellingsOf,
} from './covered.ts';
import { CLOCK_TOLERANCE_MS } from './timestamps.ts';

/** The defects of the signature of a delivery by requirement; `undefined` if the requirement is kept. */
export type SignatureFindings = Readonly<Record<string, string | undefined>>;

/** The public keys of a target by key id. */
export type Keys = ReadonlyMap<string, KeyObject>;

interface Signature {
  readonly covered: readonly Component[];
  /** Everything after the label, which is also the value of `@signature-params`. */
  readonly params: string;
  readonly keyid: string | undefined;
  /** Seconds since the epoch. */
  readonly created: number | undefined;
  readonly expires: number | undefined;
  readonly bytes: Buffer;
}

/**
 * The keys in a JSON Web Key Set (RFC 7517 section 5); unreadable keys are omitted.
 *
 * @returns `undefined` if the value is not a key set
 */
export function readKeys(set: unknown): Keys | undefined {
  if (!isObject(set) || !Array.isArray(set.keys)) return undefined;
  return new Map(
    set.keys.filter(isObject).flatMap((jwk) => {
      try {
        return typeof jwk.kid === 'string' ? [[jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })] as const] : [];
      } catch {
        return [];
      }
    }),
  );
}

/**
 * Judges the signature of a delivery according to vendor v6 or v15, which differ in the digest header and in the quoting
 * of names in the signature base. Of several signatures the best counts: a receiver needs only one that it can verify.
 *
 * @param url the registered URL, because a proxy may have changed the path of the request
 * @param receivedAt milliseconds since the epoch
 */
export function judgeSignature(request: ReceivedRequest, url: URL, keys: Keys, receivedAt: number): SignatureFindings {
  const signatures = readSignatures(request);
  if (typeof signatures === 'string') return { 'event.signed': signatures };
  const findings = signatures.map((signature) => ({
    'event.signed': undefined,
    'event.signed-body': wrongDigest(request, signature),
    'event.signature-fits': misfit(request, url, keys, signature),
    'event.signature-fresh': staleness(signature, receivedAt),
  }));
  const count = (one: SignatureFindings) => Object.values(one).filter((seen) => seen !== undefined).length;
  return findings.reduce((best, one) => (count(one) < count(best) ? one : best));
}

/** A member of a dictionary with an inner list as its value (RFC 8941 section 3.2), up to the next comma. */
const MEMBER = /\s*([a-z*][a-z0-9_.*-]*)=(\(([^()]*)\)((?:"(?:[^"\\]|\\.)*"|[^",])*))(?:,|$)/gsy;
const PARAMETER = /;\s*([a-z*][a-z0-9_.*-]*)=("(?:[^"\\]|\\.)*"|[^;"]*)/g;

/** The signatures of a request, or why there is none. */
function readSignatures(request: ReceivedRequest): readonly Signature[] | string {
  const [input, value] = [field(request, 'signature-input'), field(request, 'signature')];
  if (input === undefined || value === undefined) return `no ${input === undefined ? 'signature-input' : 'signature'}`;
  const bytes = new Map(
    value.split(',').map((member) => {
      const [, label = '', base64 = ''] = /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]+):\s*$/.exec(member) ?? [];
      return [label, base64] as const;
    }),
  );
  const signatures: Signature[] = [];
  for (const [, label = '', params = '', names = '', rest = ''] of input.matchAll(MEMBER)) {
    const base64 = bytes.get(label);
    if (base64)
      signatures.push({
        ...readParameters(rest),
        params: params.trim(),
        covered: readComponents(names),
        bytes: Buffer.from(base64, 'base64'),
      });
  }
  return signatures.length > 0 ? signatures : `an unreadable signature: ${excerpt(input)}, ${excerpt(value)}`;
}

function readParameters(text: string): Pick<Signature, 'keyid' | 'created' | 'expires'> {
  const all = new Map([...text.matchAll(PARAMETER)].map(([, name, value]) => [name, value?.trim() ?? '']));
  const number = (name: string) => (/^\d{1,15}$/.test(all.get(name) ?? '') ? Number(all.get(name)) : undefined);
  return {
    keyid: /^"(.*)"$/s.exec(all.get('keyid') ?? '')?.[1],
    created: number('created'),
    expires: number('expires'),
  };
}

/** The syntax of a digest in each of its headers, and the Node name of each algorithm. */
const DIGESTS = {
  digest: (name: string) => new RegExp(`(?:^|,)\\s*${name}=([^,]+)`, 'i'),
  'content-digest': (name: string) => new RegExp(`(?:^|,)\\s*${name}=:([^:]+):`, 'i'),
} as const;
const ALGORITHMS = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const;

/** A covered header must have a digest, and every digest in it must be right. */
function wrongDigest(request: ReceivedRequest, { covered }: Signature): string | undefined {
  const components = covered.filter(({ name }) => name in DIGESTS);
  for (const component of components) {
    const sent = digestsIn(request, component);
    if (sent.length === 0) return `${component.name} ${excerpt(field(request, component.name) ?? 'absent')}`;
    for (const [algorithm, digest] of sent) {
      const right = createHash(algorithm).update(request.body).digest('base64');
      if (digest !== right) return `${component.name} ${excerpt(digest)} of a body with ${right}`;
    }
  }
  return components.length > 0 ? undefined : `a signature over ${excerpt(covered.map(({ name }) => name).join(', '))}`;
}

/** The digests that a component covers: all in its header, or the one that its `key` names. */
function digestsIn(
  request: ReceivedRequest,
  component: Component,
): Array<readonly [algorithm: string, digest: string]> {
  const spelling = component.name === 'digest' ? DIGESTS.digest : DIGESTS['content-digest'];
  const key = parameterOf(component, 'key')?.toLowerCase();
  return Object.entries(ALGORITHMS).flatMap(([name, algorithm]) => {
    const sent = spelling(name)
      .exec(field(request, component.name) ?? '')?.[1]
      ?.trim();
    return sent === undefined || (key !== undefined && key !== name) ? [] : [[algorithm, sent] as const];
  });
}

function misfit(request: ReceivedRequest, url: URL, keys: Keys, signature: Signature): string | undefined {
  const { covered, params, keyid, bytes } = signature;
  const key = keys.get(keyid ?? '');
  if (key === undefined)
    return `keyid ${excerpt(keyid ?? 'absent')}; the target shows ${keys.size === 0 ? 'no key' : excerpt([...keys.keys()].join(', '))}`;
  const spellings = spellingsOf(url);
  const missing = covered.find((one) => spellings.every((at) => componentValue(request, at, one) === undefined));
  if (missing !== undefined)
    return `a signature over ${excerpt(missing.name + missing.parameters)}, which the delivery does not have`;
  const base = (quote: string, at: Destination) =>
    [
      ...covered.map((one) => `${quote}${one.name}${quote}${one.parameters}: ${componentValue(request, at, one)}`),
      `${quote}@signature-params${quote}: ${params}`,
    ].join('\n');
  // Headers are sent as Latin-1, and these bytes were signed.
  const fits = ['', '"'].some((quote) =>
    spellings.some((at) => isMadeWith(key, Buffer.from(base(quote, at), 'latin1'), bytes)),
  );
  return fits ? undefined : `a signature that does not fit the delivery under the key ${keyid}`;
}

/** False also for a key that cannot verify, such as one for key agreement. */
function isMadeWith(key: KeyObject, base: Buffer, signature: Buffer): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ec' ? 'sha512' : null, base, key, signature);
  } catch {
    return false;
  }
}

function staleness({ created, expires }: Signature, receivedAt: number): string | undefined {
  const at = (seconds: number) => {
    const date = new Date(seconds * 1000);
    return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString();
  };
  const received = `received at ${new Date(receivedAt).toISOString()}`;
  if (created === undefined) return 'no readable created parameter';
  if (Math.abs(created * 1000 - receivedAt) > CLOCK_TOLERANCE_MS) return `made at ${at(created)}, ${received}`;
  if (expires !== undefined && expires * 1000 + CLOCK_TOLERANCE_MS < receivedAt)
    return `expired at ${at(expires)}, ${received}`;
  return undefined;
}
