import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** All files and folders that a run writes. */
const ARTIFACTS = ['reports', 'playwright-report', 'allure-results', 'test-results'];

/** The texts of all artifacts of a run: each file, and the content of archives inside it. */
export function artifactTexts(root: string): Array<readonly [path: string, text: string]> {
  return ARTIFACTS.flatMap((directory) => filesIn(join(root, directory))).flatMap((path) => {
    const bytes = readFileSync(path);
    const packed = [...bytes.toString('latin1').matchAll(/data:application\/zip;base64,([A-Za-z0-9+/=]+)/g)].flatMap(
      ([, base64]) => unzip(Buffer.from(base64 ?? '', 'base64')),
    );
    const zipped = path.endsWith('.zip') ? unzip(bytes) : [];
    return [bytes, ...packed, ...zipped].map((part) => [path, part.toString('utf8')] as const);
  });
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .map((name) => join(directory, name))
      .filter((path) => statSync(path).isFile());
  } catch {
    return [];
  }
}

const CENTRAL_ENTRY = Buffer.from('PK\u0001\u0002', 'latin1');

/** The files of a zip archive, found by its central directory. */
function unzip(archive: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = archive.indexOf(CENTRAL_ENTRY); at >= 0; at = archive.indexOf(CENTRAL_ENTRY, at + 4)) {
    const size = archive.readUInt32LE(at + 20);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const data = archive.subarray(start, start + size);
    parts.push(archive.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data));
  }
  return parts;
}
