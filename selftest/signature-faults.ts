import type { Fault } from './faults/lie.ts';

/** A target that does not mind some of what is wrong with a signature. */
export interface SignatureFault extends Fault {
  /** The refusals of the honest target that are not made. */
  readonly ignores: RegExp;
}

const ignoring = (id: string, lie: string, ignores: RegExp, ...breaks: readonly string[]): SignatureFault => ({
  id,
  lie,
  ignores,
  breaks,
  tell: (honest) => honest,
});

const EVERY = ['unsigned', 'tampered', 'wrong-digest', 'expired', 'replayed', 'unknown-key'].map(
  (flaw) => `signature.${flaw}`,
);

export const signatureFaults: readonly SignatureFault[] = [
  ignoring('signatures-ignored', 'Signatures are not looked at.', /./, ...EVERY),
  ignoring(
    'signature-optional',
    'A request without a signature is served.',
    /not signed|version must be 15/,
    'signature.unsigned',
  ),
  ignoring(
    'signature-not-verified',
    'Everything about a signature is checked but the signature.',
    /does not fit the request/,
    'signature.tampered',
  ),
  ignoring(
    'signature-digest-unchecked',
    'The digest of the body is not checked.',
    /content-digest does not fit/,
    'signature.wrong-digest',
  ),
  ignoring('signature-never-expires', 'Signatures do not expire.', /has expired|too long ago/, 'signature.expired'),
  ignoring('signature-replayed', 'A nonce can be used again.', /nonce was used/, 'signature.replayed'),
  ignoring('signature-any-key', 'A key that nobody knows is as good as any.', /no known key/, 'signature.unknown-key'),
];
