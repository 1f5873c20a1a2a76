const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, QUOTE, BACKSLASH] = [...'{}[]"\\'].map((sign) =>
  sign.charCodeAt(0),
);
const WHITESPACE = new Set([...' \t\r\n'].map((sign) => sign.charCodeAt(0)));

/**
 * Splits a sequence of JSON objects or arrays, written one after the other or one on each line, into its texts. Takes
 * one pass. What is left over at the end, or is neither object nor array, is a text of its own, so that whoever reads
 * it finds out that it is not JSON. White space alone has no texts.
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
