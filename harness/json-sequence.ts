const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, QUOTE, BACKSLASH] = [...'{}[]"\\'].map((char) =>
  char.charCodeAt(0),
);
const WHITESPACE = new Set([...' \t\r\n'].map((char) => char.charCodeAt(0)));

/**
 * Splits concatenated or line-separated JSON objects and arrays into their texts, in one pass. An incomplete rest, or
 * anything that is neither object nor array, becomes a text of its own, so that parsing it fails. White space between
 * them is dropped.
 */
export function jsonTexts(bytes: Uint8Array): Uint8Array[] {
  const texts: Uint8Array[] = [];
  let [start, depth, inString] = [-1, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at++;
      else inString = byte !== QUOTE;
      continue;
    }
    if (start < 0) {
      if (WHITESPACE.has(byte)) continue;
      start = at;
    }
    inString = byte === QUOTE;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth <= 0) {
      texts.push(bytes.subarray(start, at + 1));
      [start, depth] = [-1, 0];
    }
  }
  if (start >= 0) texts.push(bytes.subarray(start));
  return texts;
}
