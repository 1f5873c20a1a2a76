import { REFUSAL_CODES, type RefusalCode } from '../../reference/signature.ts';
import { type Answered, answer, type Fault, isJson, refused } from './fault.ts';

/** Targets that do not mind some of what is wrong with a signature. */

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
  ignoring('signatures-ignored', 'Signatures are not looked at.', REFUSAL_CODES, ...EVERY),
  ignoring(
    'signature-optional',
    'A request without a signature is served.',
    ['unsigned', 'wrong-version'],
    'signature.unsigned',
  ),
  ignoring(
    'signature-not-verified',
    'Everything about a signature is checked but the signature.',
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
  ignoring('signature-replayed', 'A nonce can be used again.', ['nonce-used'], 'signature.replayed'),
  ignoring('signature-any-key', 'A key that nobody knows is as good as any.', ['unknown-key'], 'signature.unknown-key'),
  {
    id: 'signature-refused-with-403',
    statement: 'Requests that are not signed well are forbidden.',
    breaks: ['signature.refusal-status'],
    intercept: (honest) => honest,
    outside: answer((_, answered) => isOfSignature(answered), refused(403)),
  },
  {
    id: 'signature-refused-with-422',
    statement: 'Requests that are not signed well are unprocessable.',
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

/** The refusal of a signature by the reference. */
function isOfSignature({ body, status }: Answered): boolean {
  return status === 401 && isJson(body) && /signature|signed|digest|nonce|key/.test(String(body.detail));
}
