/**
 * Longer texts, in characters, are not searched, to bound the work per answer. A page of 1,000 groups has about
 * 350,000.
 */
const LONGEST = 1_000_000;

/** A string or a structural character. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * The first member name that an object repeats (RFC 8259 §4); `JSON.parse` silently keeps the last. The text has to be
 * valid JSON.
 */
export function repeatedName(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const open: Array<Set<string> | undefined> = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const name = last.includes('\\') ? String(JSON.parse(last)) : last.slice(1, -1);
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    } else last = token;
  }
  return undefined;
}
