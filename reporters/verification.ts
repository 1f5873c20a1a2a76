import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Envelope, PAYLOAD_TYPE, unseal } from './dsse.ts';
import { evidenceText } from './evidence.ts';
import { ARTIFACT_FOLDERS, artifactsIn, EVIDENCE } from './manifest.ts';
import { oneLine } from './text.ts';

interface Manifest {
  readonly subject: ReadonlyArray<{ readonly name: string; readonly digest: { readonly sha256: string } }>;
  readonly predicate: { readonly result: string };
}

const ajv = new Ajv2020({ strict: true });
const text = { type: 'string' };
const isEnvelope = ajv.compile<Envelope>({
  type: 'object',
  required: ['payloadType', 'payload', 'signatures'],
  properties: {
    payloadType: { const: PAYLOAD_TYPE },
    payload: text,
    signatures: {
      type: 'array',
      items: { type: 'object', required: ['keyid', 'sig'], properties: { keyid: text, sig: text } },
    },
  },
});
const isManifest = ajv.compile<Manifest>({
  type: 'object',
  required: ['_type', 'subject', 'predicateType', 'predicate'],
  properties: {
    _type: { const: 'https://in-toto.io/Statement/v1' },
    predicateType: { const: 'https://in-toto.io/attestation/test-result/v0.1' },
    predicate: { type: 'object', required: ['result'], properties: { result: text } },
    subject: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name', 'digest'],
        properties: {
          name: text,
          digest: {
            type: 'object',
            required: ['sha256'],
            properties: { sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
          },
        },
      },
    },
  },
});

/** What a folder's evidence is worth. */
export interface Verification {
  /** Everything that is not as the manifest says; empty where all is. */
  readonly problems: readonly string[];
  readonly artifacts: number;
  readonly signature: 'good' | 'not checked' | 'none';
}

/** The evidence itself cannot be used. */
export class UnusableEvidence extends Error {
  override readonly name = 'UnusableEvidence';
}

/**
 * Holds the artifacts in a folder against their manifest. With a public key, its signature has to be by that key.
 *
 * @throws {UnusableEvidence} where there is no manifest that could be read.
 */
export function verifyEvidence(root: string, publicPem?: string): Verification {
  const { manifest, signature, problems } = readManifest(root, publicPem);
  const promised = new Map(manifest.subject.map(({ name, digest }) => [name, digest.sha256]));
  if (promised.size < manifest.subject.length) problems.push('the manifest names a file twice');
  const folders = ARTIFACT_FOLDERS.filter((folder) =>
    [...promised.keys()].some((name) => name.startsWith(`${folder}/`)),
  );
  const found = new Map(artifactsIn(root, folders).map(({ name, sha256 }) => [name, sha256]));
  for (const [name, sha256] of promised) {
    const now = found.get(name);
    if (now === undefined) problems.push(`missing: ${oneLine(name)}`);
    else if (now !== sha256) problems.push(`changed: ${oneLine(name)}`);
  }
  for (const name of found.keys()) if (!promised.has(name)) problems.push(`added: ${oneLine(name)}`);
  return { problems, artifacts: promised.size, signature };
}

function readManifest(root: string, publicPem: string | undefined) {
  const problems: string[] = [];
  const written = read(join(root, EVIDENCE));
  const content = parsed(written);
  // A signature does not cover the blanks around what is signed.
  if (written !== evidenceText(content)) problems.push('the manifest is not as a run writes it');
  if (!isEnvelope(content)) {
    if (!isManifest(content)) throw new UnusableEvidence(`${EVIDENCE} is neither a statement nor a signed one`);
    if (publicPem !== undefined) problems.push('the manifest is not signed');
    return { manifest: content, signature: 'none' as const, problems };
  }
  let payload = Buffer.from(content.payload, 'base64').toString('utf8');
  if (publicPem !== undefined) {
    const trusted = unsealed(content, publicPem);
    if (trusted === undefined) problems.push('the manifest is not signed by this key');
    payload = trusted ?? payload;
  }
  const manifest = parsed(payload);
  if (!isManifest(manifest)) throw new UnusableEvidence(`${EVIDENCE} holds no statement about test results`);
  const signature = publicPem === undefined || problems.length > 0 ? ('not checked' as const) : ('good' as const);
  return { manifest, signature, problems };
}

function unsealed(envelope: Envelope, publicPem: string): string | undefined {
  try {
    return unseal(envelope, publicPem);
  } catch (error) {
    throw new UnusableEvidence(
      `the public key cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UnusableEvidence(`${EVIDENCE} is not there`);
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnusableEvidence(`${EVIDENCE} is not JSON`);
  }
}
