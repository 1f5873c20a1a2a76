import { isObject, type Node } from '../../harness/contract/document.ts';
import { promiseOf } from '../../harness/contract/ids.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { kebab } from '../../harness/contract/keywords/values.ts';
import { LIST } from '../../harness/contract/kinds.ts';
import { isAskable, isOtherList, successOf } from '../../harness/contract/roles.ts';
import { accountNumberFaults } from './account-numbers.ts';
import { bodyFaults } from './bodies.ts';
import { callerFaults } from './callers.ts';
import { closingFaults } from './closing.ts';
import { creationFaults } from './creation.ts';
import { deliveryFaults } from './deliveries.ts';
import { deliverySignatureFaults } from './delivery-signatures.ts';
import { derivedFaults } from './derived.ts';
import type { Fault } from './fault.ts';
import { generatedFaults } from './generated.ts';
import { headerFaults } from './headers.ts';
import { historyFaults } from './history.ts';
import { idempotencyFaults } from './idempotency.ts';
import { identityFaults } from './identity.ts';
import { lastClosingFaults } from './last-closings.ts';
import { legalFaults } from './legal.ts';
import { memberFaults } from './members.ts';
import { methodFaults } from './methods.ts';
import { oddIdFaults } from './odd-ids.ts';
import { optionalPartFaults } from './optional-parts.ts';
import { otherListFaults } from './other-lists.ts';
import { pageBoundFaults } from './page-bounds.ts';
import { pageContentFaults } from './page-contents.ts';
import { pageMetaFaults } from './page-meta.ts';
import { pageOrderFaults } from './page-order.ts';
import { parameterFaults } from './parameters.ts';
import { problemFaults } from './problems.ts';
import { queryFormFaults } from './query-forms.ts';
import { refusalFaults } from './refusals.ts';
import { requestBodyFaults } from './request-bodies.ts';
import { serverErrorFaults } from './server-errors.ts';
import { signatureFaults } from './signatures.ts';
import { statusFaults } from './statuses.ts';
import { subjectOf } from './subject.ts';
import { timestampFaults } from './timestamps.ts';
import { tokenFaults } from './tokens.ts';
import { webhookFaults } from './webhooks.ts';
import { writtenWrongly } from './written.ts';

/** The handwritten faults, by area. */
export function writtenFaults(contract: Contract): Fault[] {
  const about = subjectOf(contract);
  return [
    ...statusFaults(about),
    ...methodFaults,
    ...bodyFaults(about),
    ...headerFaults(about),
    ...problemFaults,
    ...accountNumberFaults(about),
    ...timestampFaults(about),
    ...memberFaults(about),
    ...pageMetaFaults,
    ...pageBoundFaults,
    ...pageOrderFaults(about),
    ...pageContentFaults(about),
    ...otherListFaults(about),
    ...creationFaults(about),
    ...closingFaults(about),
    ...lastClosingFaults(about),
    ...refusalFaults(about),
    ...historyFaults(about),
    ...idempotencyFaults(about),
    ...callerFaults(about),
    ...requestBodyFaults(about),
    ...parameterFaults(about),
    ...queryFormFaults,
    ...optionalPartFaults(contract),
    ...legalFaults(about),
    ...identityFaults(about),
    ...oddIdFaults,
    ...serverErrorFaults(about),
    ...writtenWrongly,
    ...tokenFaults,
    ...webhookFaults,
    ...deliveryFaults(about),
    ...deliverySignatureFaults,
    ...signatureFaults,
  ]
    .flatMap((fault) => withoutZero(contract, fault))
    .filter((fault) => isPromised(contract, fault));
}

const ZERO = 'list.limit-zero';

/** If the smallest limit is not 0, only faults about a limit of 0 affect such a page. */
function withoutZero({ requirements, resource }: Contract, fault: Fault): Fault[] {
  const schema = resource.list?.parameters.find(({ name }) => name === 'limit')?.schema.value;
  const isServed = isObject(schema) && Number(schema.minimum) <= 0;
  if (isServed) return [fault];
  // Where such a page is refused anyway, it is no form of a request.
  if (fault.id.startsWith('form-limit-zero')) return [];
  if (!fault.breaks.includes(ZERO)) return [fault];
  const bound = 'list.query.limit.minimum';
  const mayBreak = [...(fault.mayBreak ?? []), ...fault.breaks, bound];
  if (fault.id.startsWith('limit-zero'))
    return [
      {
        ...fault,
        breaks: [...fault.breaks.filter((id) => id === 'list.no-server-error'), requirements.has(ZERO) ? ZERO : bound],
        mayBreak,
      },
    ];
  return [{ ...fault, breaks: fault.breaks.filter((id) => id !== ZERO), mayBreak: [...mayBreak, ZERO] }];
}

/** Whether the contract has the requirements that a fault breaks. */
const isPromised = ({ requirements }: Contract, { breaks, breaksOneOf = [] }: Fault) =>
  breaks.length + breaksOneOf.length > 0 &&
  breaks.every((id) => requirements.has(id)) &&
  (breaksOneOf.length === 0 || breaksOneOf.some((id) => requirements.has(id)));

/** A fault that changes the order of a list, or the members of the sort criteria, may break the order by any of them. */
function inEveryOrder({ requirements }: Contract, fault: Fault): Fault {
  const orders = [...requirements.keys()].filter((id) => id.startsWith('list.order-by-'));
  const all = [...fault.breaks, ...(fault.breaksOneOf ?? []), ...(fault.mayBreak ?? [])];
  if (orders.length < 2 || fault.id.startsWith('sort-')) return fault;
  if (![...orders, 'list.equals-retrieved'].some((id) => all.includes(id))) return fault;
  const others = orders.filter((id) => !fault.breaks.includes(id));
  return { ...fault, mayBreak: [...(fault.mayBreak ?? []), ...others] };
}

/** A fault in all items, or in all pages, may break what their other forms promise of the same members. */
function inEveryForm({ operations, resource }: Contract, fault: Fault): Fault {
  const { breaks, breaksOneOf = [], mayBreak = [] } = fault;
  const nameOf = (schema: Node | undefined) => kebab(schema?.pointer.split('/').at(-1) ?? '');
  const pages = [resource.list, ...operations.filter(isOtherList)].map((list) => nameOf(list && successOf(list)));
  const named = [...breaks, ...breaksOneOf, ...mayBreak];
  const more = [resource.forms.map(nameOf), pages].flatMap(([usual = '', ...others]) => {
    const ofUsual = named.filter((id) => id.startsWith(`${usual}.`));
    return others.filter((name) => name !== usual).flatMap((name) => ofUsual.map((id) => promiseOf({ name }, id)));
  });
  return more.length === 0 ? fault : { ...fault, mayBreak: [...mayBreak, ...more] };
}

/** All faults of a contract: handwritten, derived and generated. */
export function allFaults(contract: Contract): Fault[] {
  return [...writtenFaults(contract), ...derivedFaults(contract), ...generatedFaults(contract)]
    .flatMap((fault) => asked(contract, fault))
    .map((fault) => alsoOf(contract, inEveryForm(contract, inEveryOrder(contract, fault))));
}

/** The fault without requirements of operations that the suite does not call; nothing if no others are left. */
function asked({ operations, requirements }: Contract, fault: Fault): Fault[] {
  const unasked = operations.filter((operation) => !isAskable(operation)).map(({ name }) => name);
  const isAsked = (id: string) => requirements.has(id) && !unasked.includes(requirements.get(id)?.operation ?? '');
  const { breaks, breaksOneOf } = fault;
  if ([...breaks, ...(breaksOneOf ?? [])].every(isAsked)) return [fault];
  const left = {
    ...fault,
    breaks: breaks.filter(isAsked),
    ...(breaksOneOf && { breaksOneOf: breaksOneOf.filter(isAsked) }),
  };
  return left.breaks.length + (left.breaksOneOf?.length ?? 0) === 0 ? [] : [left];
}

/** A fault that breaks or blocks promises of one list may also break or block those of other lists. */
function alsoOf(contract: Contract, fault: Fault): Fault {
  const { otherLists, belongings } = subjectOf(contract);
  const { breaks, breaksOneOf = [], mayBreak = [], blocks = [] } = fault;
  const also = (ids: readonly string[]) => [
    ...otherLists.flatMap((name) => ids.flatMap((id) => (id.startsWith(`${LIST}.`) ? [promiseOf({ name }, id)] : []))),
    // An item that is missing in one list is usually missing in others.
    ...(ids.includes('create.listed') ? belongings : []),
  ];
  const more = also([...breaks, ...breaksOneOf, ...mayBreak]);
  if (more.length === 0 && also(blocks).length === 0) return fault;
  return { ...fault, mayBreak: [...mayBreak, ...more], blocks: [...blocks, ...also(blocks)] };
}
