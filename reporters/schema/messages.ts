import type { CaseResult } from '../../harness/case.ts';
import type { Exchange } from '../../harness/exchange.ts';
import type { Left } from '../../harness/run/footprint.ts';
import {
  constant,
  count,
  list,
  named,
  number,
  type Of,
  object,
  optional,
  pair,
  record,
  type Shape,
  text,
  words,
} from './shape.ts';

/** Shapes of the values that the harness passes to reporters: exchanges, results of cases, footprints. */

export const texts = named('texts', list(text()));
const headers = named('headers', list(pair));

export const exchange: Shape<Exchange> = named(
  'exchange',
  object(
    {
      id: text(),
      received: optional(constant(true, 'A delivery: the target sent the request, and the suite answered.')),
      operation: optional(text()),
      caller: text(),
      request: object(
        {
          method: text(),
          url: text(),
          query: record(text()),
          headers,
          body: optional(text()),
        },
        { open: true },
      ),
      response: object({ status: number(), headers, body: text(), bytes: count() }, { open: true }),
      began: number(),
      ended: number(),
      startedAt: number(),
      endedAt: number(),
    },
    { open: true },
  ),
) as Shape<Exchange>;

export const exchanges = named('exchanges', list(exchange));

const seen = { seen: text(), exchanges: texts };
export const violation = object({ case: text(), ...seen });

export const caseResult: Shape<CaseResult> = named(
  'caseResult',
  object(
    {
      case: text(),
      exchanges: list(exchange),
      findings: record(object({ exchanges: texts, violations: list(object(seen, { open: true })) }, { open: true })),
      blocked: record(text()),
      excluded: record(text()),
      error: optional(text()),
    },
    { open: true, description: 'The result of a case, which its test attaches as evidence.' },
  ),
) as Shape<CaseResult>;

const footprintShape = object({
  prerequisites: list(object({ what: text(), id: text() })),
  groups: list(object({ id: text(), state: words(['open', 'closed']) })),
  webhooks: list(object({ id: text(), state: words(['registered', 'removed']) })),
});
export const footprint = named('footprint', footprintShape);

/** Fails to compile if the shape and the type of the harness diverge. */
export type Agreed = Left extends Of<typeof footprintShape> ? true : never;
export const agreed: Agreed = true;
