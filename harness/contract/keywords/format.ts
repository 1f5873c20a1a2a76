import { isJudged, notOfFormat, spellingsOf } from '../formats.ts';
import type { KeywordDefinition } from './definition.ts';

/** An unknown format makes no promise. */
export const format: KeywordDefinition = {
  name: 'format',
  appliesTo: ['string'],
  statement: (value, { text }) => `${text} is a ${String(value)}`,
  violation: (value, { text }) => `${text} is not a ${String(value)}`,
  invalid: (value, valid) => notOfFormat(value, String(valid ?? '')),
  valid: (value, usual) => (typeof usual === 'string' ? spellingsOf(value, usual) : []),
  asserts: isJudged,
};
