import type { ReceivedRequest } from '../delivery.ts';

/** A covered component: a name and its parameters (RFC 9421 §2), such as `content-digest` and `;key="sha-512"`. */
export interface Component {
  /** Without quotes. */
  readonly name: string;
  /** As written; empty if there are none. */
  readonly parameters: string;
}

/** The destination of a request as its signer may have written it. */
export interface Destination {
  readonly url: URL;
  readonly path: string;
}

/** A quoted name, and parameters whose values are strings, tokens or absent. */
const COVERED = /"([^"]*)"((?:;\s*[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\.)*"|[^\s;")]*))?)*)/g;
const PARAMETER = /;\s*([a-z*][a-z0-9_.*-]*)(?:="?((?:[^"\\;]|\\.)*)"?)?/g;

/** The components in an inner list (RFC 8941 §3.1.1), in order. */
export function readComponents(list: string): Component[] {
  return [...list.matchAll(COVERED)].map(([, name = '', parameters = '']) => ({ name, parameters }));
}

/** The value of a parameter of a component; empty if it has none, `undefined` without the parameter. */
export function parameterOf({ parameters }: Component, parameter: string): string | undefined {
  for (const [, name, value = ''] of parameters.matchAll(PARAMETER)) if (name === parameter) return value;
  return undefined;
}

/** The spellings of a destination that signers use: the path as sent, and decoded as in the vendor's own code. */
export function spellingsOf(url: URL): Destination[] {
  const encoded = { url, path: url.pathname };
  try {
    // Latin-1: one character per byte, as in a header.
    const path = Buffer.from(decodeURIComponent(url.pathname)).toString('latin1');
    return path === encoded.path ? [encoded] : [encoded, { url, path }];
  } catch {
    return [encoded];
  }
}

/** The value of a covered component (RFC 9421 §2.1, §2.2); `undefined` if the request does not have it. */
export function componentValue(
  request: ReceivedRequest,
  { url, path }: Destination,
  component: Component,
): string | undefined {
  switch (component.name) {
    case '@method':
      return request.method;
    case '@path':
      return path;
    case '@query':
      return url.search === '' ? '?' : url.search;
    case '@query-param': {
      const values = url.searchParams.getAll(decodeURIComponent(parameterOf(component, 'name') ?? ''));
      return values.length === 1 ? encodeURIComponent(values[0] ?? '') : undefined;
    }
    case '@authority':
    case 'host':
      return url.host;
    // A tunnel may forward a body in chunks that had a content-length.
    case 'content-length':
      return field(request, component.name) ?? String(request.body.length);
    case '@scheme':
      return url.protocol.slice(0, -1);
    case '@target-uri':
      return `${url.origin}${path}${url.search}`;
    case '@request-target':
      return `${path}${url.search}`;
    default:
      return fieldValue(request, component);
  }
}

/** The values of a header, joined according to RFC 9110 §5.2. */
export function field(request: ReceivedRequest, name: string): string | undefined {
  const values = valuesOf(request, name);
  return values.length === 0 ? undefined : values.join(', ');
}

const valuesOf = ({ headers }: ReceivedRequest, name: string) =>
  headers.filter(([key]) => key === name).map(([, value]) => value.trim());

/** A header as it is, as a structured field, as one member of a dictionary, or as bytes (RFC 9421 §2.1.1 to §2.1.3). */
function fieldValue(request: ReceivedRequest, component: Component): string | undefined {
  const whole = field(request, component.name);
  if (whole === undefined) return undefined;
  const key = parameterOf(component, 'key');
  if (key !== undefined) return members(whole).get(key);
  if (parameterOf(component, 'bs') !== undefined)
    return valuesOf(request, component.name)
      .map((value) => `:${Buffer.from(value, 'latin1').toString('base64')}:`)
      .join(', ');
  return parameterOf(component, 'sf') === undefined ? whole : splitAt(',', whole).map(tidy).join(', ');
}

/**
 * The members of a dictionary by their keys (RFC 8941 §3.2); the last of a key counts, and one without a value is true.
 */
function members(dictionary: string): Map<string, string> {
  return new Map(
    splitAt(',', dictionary).map((member) => {
      const [, key = '', value] = /^\s*([a-z*][a-z0-9_.*-]*)(?:=(.*))?/s.exec(member) ?? [];
      return [key, value === undefined ? `?1${tidy(member.trim().slice(key.length))}` : tidy(value)];
    }),
  );
}

/** Without the optional white space that the serialisation of a structured field drops. */
const tidy = (text: string) =>
  splitAt(';', text.trim())
    .map((part, index) => (index === 0 ? part.trimEnd() : part.trim()))
    .join(';');

/** Splits at a character outside strings and inner lists. */
function splitAt(separator: string, text: string): string[] {
  const parts = [''];
  let [inText, depth] = [false, 0];
  for (let at = 0; at < text.length; at++) {
    const one = text[at] ?? '';
    if (inText && one === '\\') {
      parts.push(`${parts.pop() ?? ''}${one}${text[++at] ?? ''}`);
      continue;
    }
    if (one === '"') inText = !inText;
    else if (!inText && one === '(') depth++;
    else if (!inText && one === ')') depth--;
    if (one === separator && !inText && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${one}`);
  }
  return parts;
}
