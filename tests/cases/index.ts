import type { Case } from '../../harness/case.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { isAskable } from '../../harness/contract/roles.ts';
import { generatedCases } from './generated.cases.ts';
import { idempotencyCases } from './idempotency.cases.ts';
import { identityCases } from './identity.cases.ts';
import { lastCases } from './last.cases.ts';
import { legalCases } from './legal.cases.ts';
import { lifecycleCases } from './lifecycle.cases.ts';
import { listingCases } from './listing.cases.ts';
import { otherListCases } from './other-lists.cases.ts';
import { requestCases } from './requests.cases.ts';
import { responseCases } from './responses.cases.ts';
import { scopeCases } from './scopes.cases.ts';
import { signatureCases } from './signatures.cases.ts';
import { tokenCases } from './tokens.cases.ts';
import { webhookCases } from './webhooks.cases.ts';

/** Every case of the suite about what the contract promises, in the order of the report. */
export function allCases(contract: Contract): Case[] {
  const declared = declaredCases(contract);
  const known = new Set(declared.flatMap(({ covers }) => covers));
  const isPromised = (id: string) => contract.requirements.has(id);
  return declared
    .map((test) => ({ ...test, known, covers: [...new Set(test.covers.filter(isPromised))] }))
    .filter(({ covers }) => covers.length > 0);
}

/** The same cases with all that they are made for, whether this contract promises it or not. */
export function declaredCases(contract: Contract): Case[] {
  return [
    ...tokenCases(contract),
    ...unaskedCases(contract),
    ...responseCases(contract),
    ...scopeCases(contract),
    ...identityCases(contract),
    ...signatureCases(contract),
    ...requestCases(contract),
    ...legalCases(contract),
    ...generatedCases(contract),
    ...listingCases(contract),
    ...otherListCases(contract),
    ...lifecycleCases(contract),
    ...idempotencyCases(contract),
    ...webhookCases(contract),
    ...lastCases(contract),
  ];
}

/** One case for each operation that is not asked for, so that its promises have a verdict. */
function unaskedCases({ operations, requirements }: Contract): Case[] {
  return operations
    .filter((operation) => !isAskable(operation))
    .map(({ id, name }): Case => {
      const covers = [...requirements.values()].filter(({ operation }) => operation === name).map((one) => one.id);
      return {
        id: `${name}.unasked`,
        area: 'responses',
        operation: name,
        title: `${id} is not asked for`,
        covers,
        writes: false,
        run: async (api) => {
          for (const requirement of covers) api.excluded(requirement, 'not-in-contract');
        },
      };
    });
}
