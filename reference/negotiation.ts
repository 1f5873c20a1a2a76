/**
 * Tells whether JSON may be sent in answer to an Accept header (RFC 9110 section 12.5.1): the most specific range that
 * covers application/json decides. Without a header anything may be sent.
 */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return true;
  const weights = new Map<string, number>();
  for (const element of accept.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []) {
    const [range = '', ...parameters] = element.split(';').map((part) => part.trim().toLowerCase());
    const weight = readWeight(parameters);
    if (weight !== undefined) weights.set(range, Math.max(weight, weights.get(range) ?? 0));
  }
  return (weights.get('application/json') ?? weights.get('application/*') ?? weights.get('*/*') ?? 0) > 0;
}

/** `undefined` for a weight that cannot be read, and for a range that is narrowed by parameters of its own. */
function readWeight(parameters: readonly string[]): number | undefined {
  const [first, ...more] = parameters;
  if (first === undefined) return 1;
  if (more.length > 0) return undefined;
  const weight = /^q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.exec(first)?.[1];
  return weight === undefined ? undefined : Number(weight);
}
