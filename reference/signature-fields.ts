/** A parameter of a signature: its value and its serialization. */
interface Parameter {
  readonly value: string | number;
  readonly text: string;
}

/** The parsed headers `Signature-Input` and `Signature` of a request with one signature. */
export interface SignatureFields {
  /** Names of the covered components, in order, without quotes. */
  readonly components: readonly string[];
  readonly keyid: string;
  /** Seconds since the epoch. */
  readonly created: number;
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly nonce: string;
  /** The last line of the signature base: components and parameters in the order in which they were sent, in canonical form. */
  readonly signatureParams: string;
  readonly signature: Uint8Array;
}

const KEY = '[a-z*][a-z0-9_.*-]*';
const STRING = '"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\])*"';
const PARAMETER = `; *(${KEY})=(${STRING}|-?[0-9]{1,15})`;
const INPUT = new RegExp(`^(${KEY})=\\(( *|(?: *${STRING})(?: +${STRING})* *)\\)((?:${PARAMETER})*)$`);
const SIGNATURE = new RegExp(`^(${KEY})=:([A-Za-z0-9+/]+={0,2}):$`);

/**
 * Parses the two headers of RFC 9421 section 4: exactly one signature under any label, parameters in any order.
 * Parameters other than keyid, created, expires and nonce only take part in the signature base. Components with parameters
 * and values other than strings and integers are not supported. Returns the reason if the headers cannot be parsed.
 */
export function parseSignatureFields(input: string, signature: string): SignatureFields | string {
  const stated = INPUT.exec(input.trim());
  const bytes = SIGNATURE.exec(signature.trim());
  if (stated === null) return 'signature-input does not describe exactly one signature';
  if (bytes === null) return 'signature does not contain exactly one signature';
  const [, label, list = '', rest = ''] = stated;
  if (label !== bytes[1]) return 'signature and signature-input have different labels';

  const components = [...list.matchAll(new RegExp(STRING, 'g'))].map(([text]) => unquote(text));
  if (new Set(components).size < components.length) return 'signature-input names a component twice';
  const parameters = new Map<string, Parameter>();
  for (const [, name = '', text = ''] of rest.matchAll(new RegExp(PARAMETER, 'g'))) {
    if (parameters.has(name)) return `signature-input contains the parameter ${name} twice`;
    parameters.set(
      name,
      text.startsWith('"') ? { value: unquote(text), text } : { value: Number(text), text: String(Number(text)) },
    );
  }
  const [keyid, created, expires, nonce] = ['keyid', 'created', 'expires', 'nonce'].map(
    (name) => parameters.get(name)?.value,
  );
  if (typeof keyid !== 'string') return 'signature-input must have keyid, a string';
  if (typeof created !== 'number') return 'signature-input must have created, an integer';
  if (typeof expires !== 'number') return 'signature-input must have expires, an integer';
  if (typeof nonce !== 'string' || nonce === '') return 'signature-input must have nonce, a non-empty string';

  const inner = components.map((name) => `"${name}"`).join(' ');
  const signatureParams = `(${inner})${[...parameters].map(([name, { text }]) => `;${name}=${text}`).join('')}`;
  return {
    components,
    keyid,
    created,
    expires,
    nonce,
    signatureParams,
    signature: Buffer.from(bytes[2] ?? '', 'base64'),
  };
}

const unquote = (text: string) => text.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
