import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Envelope, PAYLOAD_TYPE, unseal } from './dsse.ts';
import { evidenceText, predicateOf } from './evidence.ts';
import { artifactsIn, type Delivery, EVENTS, RUN } from './manifest.ts';
import { NotAReport, readReport } from './report-file.ts';
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

/** The result of verifying the evidence of a delivery. */
export interface Verification {
  /** Every contradiction between manifest, artifacts and report; empty if there is none. */
  readonly problems: readonly string[];
  readonly artifacts: number;
  /** `not checked`: the manifest is signed, but no public key was given. */
  readonly signature: 'good' | 'bad' | 'not checked' | 'none';
  /** SHA-256 of the public key that the manifest names as its signer. */
  readonly keyId?: string | undefined;
}

/** The evidence, or the public key, cannot be read. */
export class UnusableEvidence extends Error {
  override readonly name = 'UnusableEvidence';
}

/** The deliveries for which a folder contains a manifest. @throws {UnusableEvidence} if there is none. */
export function deliveriesIn(root: string): Delivery[] {
  const found = [RUN, EVENTS].filter(({ manifest }) => existsSync(join(root, manifest)));
  if (found.length === 0)
    throw new UnusableEvidence(
      `found neither ${RUN.manifest} nor ${EVENTS.manifest} in ${root}; name the output folder of a run`,
    );
  return found;
}

/**
 * Compares the artifacts of a delivery with the manifest, and what the manifest says about the run with the report. If a
 * public key is given, the manifest must be signed with it.
 *
 * @throws {UnusableEvidence} if the manifest or the key cannot be read
 */
export function verifyEvidence(root: string, publicPem?: string, delivery = RUN): Verification {
  const { manifest, signature, keyId, problems } = readManifest(root, publicPem, delivery);
  const promised = new Map(manifest.subject.map(({ name, digest }) => [name, digest.sha256]));
  if (promised.size < manifest.subject.length) problems.push('the manifest names a file twice');
  const found = new Map(artifactsIn(root, delivery).map(({ name, sha256 }) => [name, sha256]));
  for (const [name, sha256] of promised) {
    const now = found.get(name);
    if (now === undefined) problems.push(`missing: ${oneLine(name)}`);
    else if (now !== sha256) problems.push(`changed: ${oneLine(name)}`);
  }
  for (const name of found.keys()) if (!promised.has(name)) problems.push(`added: ${oneLine(name)}`);
  const contradicted = contradiction(manifest, join(root, delivery.report));
  if (contradicted !== undefined) problems.push(contradicted);
  return { problems, artifacts: promised.size, signature, keyId };
}

/** A problem if the statement contradicts the report, or if the report cannot be read. */
function contradiction({ predicate }: Manifest, path: string): string | undefined {
  try {
    const expected: unknown = JSON.parse(JSON.stringify(predicateOf(readReport(path))));
    return isDeepStrictEqual(expected, predicate) ? undefined : 'the manifest contradicts the report';
  } catch (error) {
    if (error instanceof NotAReport) return `the report cannot be read: ${error.message}`;
    throw error;
  }
}

/** The statement in a manifest, and the problems of its format and signature. @throws {UnusableEvidence} */
export function readManifest(root: string, publicPem: string | undefined, delivery: Delivery) {
  const problems: string[] = [];
  const written = read(join(root, delivery.manifest), delivery.manifest);
  const content = parsed(written, delivery.manifest);
  // A signature does not cover the whitespace around the payload.
  if (written !== evidenceText(content)) problems.push('the manifest is not formatted as a run writes it');
  if (!isEnvelope(content)) {
    if (!isManifest(content))
      throw new UnusableEvidence(`${delivery.manifest} is neither an in-toto statement nor a DSSE envelope`);
    if (publicPem !== undefined) problems.push('the manifest is not signed');
    return { manifest: content, signature: 'none' as const, keyId: undefined, problems };
  }
  let payload = Buffer.from(content.payload, 'base64').toString('utf8');
  let signature: Verification['signature'] = 'not checked';
  if (publicPem !== undefined) {
    const trusted = unsealed(content, publicPem);
    if (trusted === undefined) problems.push('the manifest is not signed with this key');
    payload = trusted ?? payload;
    signature = trusted === undefined ? 'bad' : 'good';
  }
  const manifest = parsed(payload, delivery.manifest);
  if (!isManifest(manifest))
    throw new UnusableEvidence(`${delivery.manifest} contains no in-toto statement about test results`);
  return { manifest, signature, keyId: content.signatures[0]?.keyid, problems };
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

function read(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UnusableEvidence(`${name} cannot be read`);
  }
}

function parsed(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnusableEvidence(`${name} is not JSON`);
  }
}
