/** What those need who extend the suite from their own repository: see docs/extending.md. */

export { type Api, Blocked, type Case, type CaseRequest, type Subjects } from './harness/case.ts';
export type { Contract } from './harness/contract/index.ts';
export type { Exchange } from './harness/exchange.ts';
export type { Report } from './reporters/report.ts';
export { NotAReport, readReport } from './reporters/report-file.ts';
export type { OwnCases } from './tests/own-cases.ts';
