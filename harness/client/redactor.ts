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
    for (const [spelling, name] of this.#spellings)
      if (clean.includes(spelling)) clean = clean.replaceAll(spelling, `$${name}`);
    return clean;
  }
}

function spellings(secret: string): Set<string> {
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const encoded = [encodeURIComponent(secret), form];
  const lowerCase = encoded.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()));
  return new Set([secret, JSON.stringify(secret).slice(1, -1), ...encoded, ...lowerCase]);
}
