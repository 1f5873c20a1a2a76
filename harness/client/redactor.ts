/** Replaces every secret that it knows by the name of a shell variable, also where it is written as in JSON or in a form. */
export class Redactor {
  readonly #names = new Map<string, string>();
  /** Longest first, so that a secret inside another one does not leave the rest of it. */
  #spellings: ReadonlyArray<readonly [spelling: string, name: string]> = [];

  /** Makes a secret known. `name` is what a reader sees instead, such as `CLIENT_SECRET`. */
  add(secret: string, name: string): void {
    if (secret === '' || this.#names.has(secret)) return;
    for (const spelling of spellings(secret)) this.#names.set(spelling, name);
    this.#spellings = [...this.#names].sort(([left], [right]) => right.length - left.length);
  }

  /** The text without secrets. */
  redact(text: string): string {
    let clean = text;
    const isCut = text.includes(ELLIPSIS);
    for (const [spelling, name] of this.#spellings) {
      if (clean.includes(spelling)) clean = clean.replaceAll(pattern(spelling), () => `$${name}`);
      if (isCut) clean = withoutCut(clean, spelling, name);
    }
    return clean;
  }
}

/**
 * Shorter secrets, as a server under development has them, are words like any other: inside of an id or of `client_secret`
 * they are none, and an id that loses its middle would be judged as broken.
 */
const LONG = 12;

function pattern(spelling: string): RegExp | string {
  if (spelling.length >= LONG) return spelling;
  return new RegExp(`(?<![\\w-])${spelling.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\w-])`, 'g');
}

/** What stands where a text was cut; see `excerpt`. */
const ELLIPSIS = '...';
/** A beginning this short tells nothing. */
const HARMLESS = 4;

/** What was cut before it came here is shorter than this; whole bodies are cut afterwards. */
const LONGEST_TOLD = 4096;

/** Takes out the beginning of a secret as well, where the text was cut in the middle of it. */
function withoutCut(text: string, spelling: string, name: string): string {
  if (spelling.length <= HARMLESS || text.length > LONGEST_TOLD) return text;
  let clean = text;
  const head = spelling.slice(0, HARMLESS);
  for (let at = clean.indexOf(head); at >= 0; at = clean.indexOf(head, at + 1)) {
    let end = at + HARMLESS;
    while (end < clean.length && end - at < spelling.length && clean[end] === spelling[end - at]) end++;
    if (clean.startsWith(ELLIPSIS, end)) clean = `${clean.slice(0, at)}$${name}${clean.slice(end)}`;
  }
  return clean;
}

function spellings(secret: string): Set<string> {
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const encoded = [encodeURIComponent(secret), form];
  const lowerCase = encoded.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()));
  return new Set([secret, JSON.stringify(secret).slice(1, -1), ...encoded, ...lowerCase]);
}
