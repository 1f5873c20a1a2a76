import { facts } from './facts.ts';
import { caseResult, exchanges } from './messages.ts';
import { report, SCHEMA } from './report.ts';
import { documentOf } from './shape.ts';

/** The JSON Schema of the report; each run writes a copy next to its report. */
export const schema = documentOf(`urn:${SCHEMA.replace('/', ':report:')}`, 'Conformance report', report, [
  caseResult,
  exchanges,
  facts,
]);
