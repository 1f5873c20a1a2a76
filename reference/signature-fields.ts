/** A parameter of a signature: its value, and how it is written. */
interface Parameter {
  readonly value: string | number;
  readonly text: string;
}

/** What `Signature-Input` and `Signature` say about the one signature of a request. */
export interface SignatureFields {
  /** Names of the covered components, in order, without quotes. */
  readonly components: readonly string[];
  readonly keyid: string;
  /** Seconds since the epoch. */
  readonly created: number;
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly nonce: string;
  /** Value of the last line of the signature base: components and parameters as they were sent, in canonical form. */
  readonly signatureParams: string;
  readonly signature: Uint8Array;
}

const KEY = '[a-z*][a-z0-9_.*-]*';
const STRING = '"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\])*"';
const PARAMETER = `; *(${KEY})=(${STRING}|-?[0-9]{1,15})`;
const INPUT = new RegExp(`^(${KEY})=\\(( *|(?: *${STRING})(?: +${STRING})* *)\\)((?:${PARAMETER})*)$`);
const SIGNATURE = new RegExp(`^(${KEY})=:([A-Za-z0-9+/]+={0,2}):$`);

/**
 * Reads the two headers of RFC 9421 section 4, for exactly one signature under any label, with parameters in any order.
 * Parameters other than keyid, created, expires and nonce take part in the base only. A component with parameters
 * of its own, and values other than strings and integers, are not understood. Returns what is wrong as a text.
 */
export function parseSignatureFields(input: string, signature: string): SignatureFields | string {
  const stated = INPUT.exec(input.trim());
  const bytes = SIGNATURE.exec(signature.trim());
  if (stated === null) return 'signature-input cannot be read as one signature';
  if (bytes === null) return 'signature cannot be read as one signature';
  const [, label, list = '', rest = ''] = stated;
  if (label !== bytes[1]) return 'signature and signature-input carry different labels';

  const components = [...list.matchAll(new RegExp(STRING, 'g'))].map(([text]) => unquote(text));
  if (new Set(components).size < components.length) return 'signature-input names a component twice';
  const parameters = new Map<string, Parameter>();
  for (const [, name = '', text = ''] of rest.matchAll(new RegExp(PARAMETER, 'g'))) {
    if (parameters.has(name)) return `signature-input holds the parameter ${name} twice`;
    parameters.set(
      name,
      text.startsWith('"') ? { value: unquote(text), text } : { value: Number(text), text: String(Number(text)) },
    );
  }
  const [keyid, created, expires, nonce] = ['keyid', 'created', 'expires', 'nonce'].map(
    (name) => parameters.get(name)?.value,
  );
  if (typeof keyid !== 'string') return 'signature-input needs keyid, a string';
  if (typeof created !== 'number') return 'signature-input needs created, an integer';
  if (typeof expires !== 'number') return 'signature-input needs expires, an integer';
  if (typeof nonce !== 'string' || nonce === '') return 'signature-input needs nonce, a string that is not empty';

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
