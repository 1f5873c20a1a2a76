import { Problem } from './problems.ts';

/** A JSON object that is not validated yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** In bytes; well above any legal request. Larger bodies are refused before they are read completely. */
const LARGEST_BODY = 64 * 1024;

/** Whether a value is a JSON object: neither an array nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a body that must be a JSON object, sent as application/json without parameters. @throws {Problem} otherwise. */
export async function readJsonObject(request: Request): Promise<JsonObject> {
  if (request.headers.get('content-type')?.toLowerCase() !== 'application/json') {
    throw new Problem('invalid_request', 'The content-type must be application/json, without parameters.');
  }
  const text = await readText(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('invalid_request', 'The body is not JSON.');
  }
  if (!isJsonObject(value)) throw new Problem('invalid_request', 'The body is not a JSON object.');
  return value;
}

/** Reads a form-encoded body. @throws {Problem} for anything else. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const [mediaType = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw new Problem('invalid_request', 'The content-type must be application/x-www-form-urlencoded.');
  }
  return new URLSearchParams(await readText(request));
}

/** Stops reading as soon as the body is too large. */
async function readText({ body }: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) throw new Problem('invalid_request', `The body is larger than ${LARGEST_BODY} bytes.`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Problem('invalid_request', 'The body is not UTF-8.');
  }
}
