import { texts } from './messages.ts';
import { settings, sha256, suite } from './report.ts';
import { flag, list, named, object, optional, record, text, words } from './shape.ts';

const deviation = object({
  requirement: optional(text()),
  case: optional(text()),
  because: text(),
  ticket: text(),
  approver: optional(text()),
  since: text(),
  until: text(),
});

const manual = words(['automatic', 'manual']);

const profile = object({
  approval: manual,
  closing: manual,
  types: optional(texts),
  scopes: optional(texts),
  groups: texts,
  because: record(text()),
});

/** The facts on which all parts of a run must agree, as stored in the metadata of the test run. */
export const facts = named(
  'facts',
  object({
    run: text(),
    target: text(),
    settings,
    options: object({
      writes: flag(),
      strict: flag(),
      tolerateAdditive: flag(),
      deviations: list(deviation),
      profile,
    }),
    targetFile: optional(object({ path: text(), sha256 })),
    contract: sha256,
    suite,
    node: text(),
    operator: optional(text()),
  }),
);
