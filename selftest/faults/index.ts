import type { Contract } from '../../harness/contract/index.ts';
import { signatureFaults } from '../signature-faults.ts';
import { accountNumberFaults } from './account-numbers.ts';
import { bodyFaults } from './bodies.ts';
import { callerFaults } from './callers.ts';
import { closingFaults } from './closing.ts';
import { creationFaults } from './creation.ts';
import { deliveryFaults } from './deliveries.ts';
import { deliverySignatureFaults } from './delivery-signatures.ts';
import { derivedFaults } from './derived.ts';
import { generatedFaults } from './generated.ts';
import { headerFaults } from './headers.ts';
import { historyFaults } from './history.ts';
import { idempotencyFaults } from './idempotency.ts';
import { identityFaults } from './identity.ts';
import { legalFaults } from './legal.ts';
import type { Fault } from './lie.ts';
import { memberFaults } from './members.ts';
import { methodFaults } from './methods.ts';
import { oddIdFaults } from './odd-ids.ts';
import { pageBoundFaults } from './page-bounds.ts';
import { pageContentFaults } from './page-contents.ts';
import { pageMetaFaults } from './page-meta.ts';
import { pageOrderFaults } from './page-order.ts';
import { parameterFaults } from './parameters.ts';
import { problemFaults } from './problems.ts';
import { requestBodyFaults } from './request-bodies.ts';
import { serverErrorFaults } from './server-errors.ts';
import { statusFaults } from './statuses.ts';
import { timestampFaults } from './timestamps.ts';
import { tokenFaults } from './tokens.ts';
import { webhookFaults } from './webhooks.ts';
import { writtenWrongly } from './written.ts';

/** The faults that were thought of, area by area. */
export const writtenFaults: readonly Fault[] = [
  ...statusFaults,
  ...methodFaults,
  ...bodyFaults,
  ...headerFaults,
  ...problemFaults,
  ...accountNumberFaults,
  ...timestampFaults,
  ...memberFaults,
  ...pageMetaFaults,
  ...pageBoundFaults,
  ...pageOrderFaults,
  ...pageContentFaults,
  ...creationFaults,
  ...closingFaults,
  ...historyFaults,
  ...idempotencyFaults,
  ...callerFaults,
  ...requestBodyFaults,
  ...parameterFaults,
  ...legalFaults,
  ...identityFaults,
  ...oddIdFaults,
  ...serverErrorFaults,
  ...writtenWrongly,
  ...tokenFaults,
  ...webhookFaults,
  ...deliveryFaults,
  ...deliverySignatureFaults,
  ...signatureFaults,
];

/** Every fault: those that were thought of and those that follow from the document. */
export function allFaults(contract: Contract): Fault[] {
  return [...writtenFaults, ...derivedFaults(contract), ...generatedFaults(contract)];
}
