/**
 * Whether an Accept header (RFC 9110 section 12.5.1) accepts JSON: the most specific range that covers application/json
 * decides. Without a header, anything is acceptable.
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

/** The weight of a range; `undefined` if it is malformed, or if the range has media type parameters. */
function readWeight(parameters: readonly string[]): number | undefined {
  const [first, ...more] = parameters;
  if (first === undefined) return 1;
  if (more.length > 0) return undefined;
  const weight = /^q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.exec(first)?.[1];
  return weight === undefined ? undefined : Number(weight);
}
