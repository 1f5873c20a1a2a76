/** Replaces every known secret with a shell variable, also in its JSON, URL and form encodings. */
export class Redactor {
  readonly #names = new Map<string, string>();
  /** Longest first, so that a secret contained in another does not leave the rest of it. */
  #spellings: ReadonlyArray<readonly [spelling: string, name: string]> = [];

  /** Registers a secret. Texts show `$` and `name` in its place, such as `$CLIENT_SECRET`. */
  add(secret: string, name: string): void {
    if (secret === '' || this.#names.has(secret)) return;
    for (const spelling of spellings(secret)) this.#names.set(spelling, name);
    this.#spellings = [...this.#names].sort(([left], [right]) => right.length - left.length);
  }

  /** The text without known secrets. */
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
 * Shorter secrets, in characters, such as those of a server under development, are only replaced as whole words: within
 * an id or a name like `client_secret` they are a coincidence, and redacting them there would make the evidence wrong.
 */
const LONG = 12;

function pattern(spelling: string): RegExp | string {
  if (spelling.length >= LONG) return spelling;
  return new RegExp(`(?<![\\w-])${spelling.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\w-])`, 'g');
}

/** Marks where a text was cut. */
const ELLIPSIS = '...';
/** A prefix of a secret of up to this many characters gives nothing away. */
const HARMLESS = 4;

/**
 * Longer texts are not searched for cut secrets: excerpts are shorter, and whole bodies are redacted before they are
 * cut.
 */
const LONGEST_EXCERPT = 4096;

/** Replaces the beginning of a secret at a point where the text was cut. */
function withoutCut(text: string, spelling: string, name: string): string {
  if (spelling.length <= HARMLESS || text.length > LONGEST_EXCERPT) return text;
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
