import type { Contract } from '../../harness/contract/index.ts';
import { derivedAnswerFaults } from './derived-answers.ts';
import { derivedCallerFaults } from './derived-callers.ts';
import { derivedDeliveryFaults } from './derived-deliveries.ts';
import { derivedBodyFaults, derivedParameterFaults } from './derived-requests.ts';
import { derivedResponseFaults } from './derived-responses.ts';
import { derivedStateFaults } from './derived-states.ts';
import { derivedGrantFaults, derivedTokenFaults } from './derived-tokens.ts';
import type { Fault } from './fault.ts';
import { derivedWebhookFaults } from './webhooks.ts';

/** Faults derived from the document: for each schema keyword, response, header, caller and request rule. */
export function derivedFaults(contract: Contract): Fault[] {
  return [
    ...derivedAnswerFaults(contract),
    ...derivedDeliveryFaults(contract),
    ...derivedStateFaults(contract),
    ...derivedTokenFaults(contract),
    ...derivedGrantFaults(contract),
    ...derivedWebhookFaults(contract),
    ...contract.operations.flatMap((operation) => [
      ...derivedResponseFaults(operation),
      ...derivedCallerFaults(contract, operation),
      ...derivedParameterFaults(contract, operation),
      ...derivedBodyFaults(contract, operation),
    ]),
  ];
}
