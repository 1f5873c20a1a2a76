/** Longer texts are not looked at, in characters. A page of 1,000 groups has about 350,000. */
const LONGEST = 1_000_000;

/** A string, or a character that gives the text its structure. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * The first member name that an object has more than once (RFC 8259 §4); `JSON.parse` keeps the last of them without a
 * word. The text has to be JSON.
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
