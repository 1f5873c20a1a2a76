/** Replaces every secret that it knows by the name of a shell variable. Each secret is also found in its URL-encoded form. */
export class Redactor {
  readonly #names = new Map<string, string>();

  /** Makes a secret known. `name` is what a reader sees instead, such as `CLIENT_SECRET`. */
  add(secret: string, name: string): void {
    if (secret === '' || this.#names.has(secret)) return;
    this.#names.set(secret, name);
    const encoded = encodeURIComponent(secret);
    if (encoded !== secret) this.#names.set(encoded, name);
  }

  /** The text without secrets. */
  redact(text: string): string {
    let clean = text;
    for (const [secret, name] of this.#names) if (clean.includes(secret)) clean = clean.replaceAll(secret, `$${name}`);
    return clean;
  }
}
