import { REFUSAL_CODES, type RefusalCode } from '../../reference/signature.ts';
import { type Answered, answer, type Fault, isJson, refused } from './fault.ts';

/** Targets that accept some invalid signatures, or refuse them wrongly. */

const ignoring = (
  id: string,
  statement: string,
  ignores: readonly RefusalCode[],
  ...breaks: readonly string[]
): Fault => ({
  id,
  statement,
  ignores,
  breaks,
  intercept: (honest) => honest,
});

const EVERY = ['unsigned', 'tampered', 'wrong-digest', 'expired', 'replayed', 'unknown-key'].map(
  (flaw) => `signature.${flaw}`,
);

export const signatureFaults: readonly Fault[] = [
  ignoring('signatures-ignored', 'Signatures are not checked.', REFUSAL_CODES, ...EVERY),
  ignoring(
    'signature-optional',
    'A request without a signature is served.',
    ['unsigned', 'wrong-version'],
    'signature.unsigned',
  ),
  ignoring(
    'signature-not-verified',
    'Everything about a signature is checked except the signature itself.',
    ['signature-mismatch'],
    'signature.tampered',
  ),
  ignoring(
    'signature-digest-unchecked',
    'The digest of the body is not checked.',
    ['digest-mismatch'],
    'signature.wrong-digest',
  ),
  ignoring('signature-never-expires', 'Signatures do not expire.', ['expired', 'too-old'], 'signature.expired'),
  ignoring('signature-replayed', 'A nonce can be reused.', ['nonce-used'], 'signature.replayed'),
  ignoring(
    'signature-any-key',
    'Signatures with an unknown key are accepted.',
    ['unknown-key'],
    'signature.unknown-key',
  ),
  {
    id: 'signature-refused-with-403',
    statement: 'Invalid signatures are answered with 403.',
    breaks: ['signature.refusal-status'],
    intercept: (honest) => honest,
    outside: answer((_, answered) => isOfSignature(answered), refused(403)),
  },
  {
    id: 'signature-refused-with-422',
    statement: 'Invalid signatures are answered with 422.',
    breaks: [
      ...EVERY,
      'signature.refusal-status',
      'list.status-documented',
      'retrieve.status-documented',
      'create.status-documented',
      'token.status-documented',
    ],
    intercept: (honest) => honest,
    outside: answer((_, answered) => isOfSignature(answered), refused(422)),
  },
];

/** Whether the reference refused a signature. */
function isOfSignature({ body, status }: Answered): boolean {
  return status === 401 && isJson(body) && /signature|signed|digest|nonce|key/.test(String(body.detail));
}
