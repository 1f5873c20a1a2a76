import type { Case } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { generatedCases } from './generated.cases.ts';
import { idempotencyCases } from './idempotency.cases.ts';
import { identityCases } from './identity.cases.ts';
import { lastCases } from './last.cases.ts';
import { legalCases } from './legal.cases.ts';
import { lifecycleCases } from './lifecycle.cases.ts';
import { listingCases } from './listing.cases.ts';
import { requestCases } from './requests.cases.ts';
import { responseCases } from './responses.cases.ts';
import { scopeCases } from './scopes.cases.ts';
import { signatureCases } from './signatures.cases.ts';
import { tokenCases } from './tokens.cases.ts';
import { webhookCases } from './webhooks.cases.ts';

/** Every case of the suite about what the contract declares, in the order of the report. */
export function allCases(contract: Contract): Case[] {
  const all = [
    ...tokenCases(contract),
    ...responseCases(contract),
    ...scopeCases(contract),
    ...identityCases(contract),
    ...signatureCases(contract),
    ...requestCases(contract),
    ...legalCases(contract),
    ...generatedCases(contract),
    ...listingCases(contract),
    ...lifecycleCases(contract),
    ...idempotencyCases(contract),
    ...webhookCases(contract),
    ...lastCases(contract),
  ];
  const declared = new Set(contract.operations.map(({ name }) => name));
  return all.filter(({ operation }) => operation === undefined || declared.has(operation));
}
