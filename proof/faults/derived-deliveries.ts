import type { Node } from '../../harness/contract/document.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords/places.ts';
import { type Breaking, become, breaking, inWords } from './broken-parts.ts';
import { before, misdelivering, stranger, withBody } from './delivered.ts';
import type { Fault } from './fault.ts';

/** For each keyword of an event and of its envelope, an additional event or delivery that violates only this keyword. */
export function derivedDeliveryFaults(contract: Contract): Fault[] {
  const { events } = contract.resource;
  return [
    ...faultsOf(contract, events.envelope, (broken) => envelope(events.payload, broken)),
    ...faultsOf(contract, events.event, (broken, keyword) => event(events.payload, broken, keyword)),
  ];
}

function faultsOf(
  contract: Contract,
  schema: Node | undefined,
  interceptEvent: (broken: Breaking, keyword: Keyword) => NonNullable<Fault['interceptEvent']>,
): Fault[] {
  if (schema === undefined) return [];
  const component = schema.pointer.split('/').at(-1) ?? '';
  return keywordsOf(contract.doc, schema, component).map((keyword) => {
    const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
    return misdelivering(
      `delivery.${requirement}`,
      `One ${component} violates ${inWords(keyword)}.`,
      [requirement],
      interceptEvent(breaking(contract, schema, keyword), keyword),
    );
  });
}

const envelope = (payload: string, broken: Breaking) =>
  before(async (post, request) => post(withBody(request, broken({ [payload]: [] }))));

const event = (payload: string, broken: Breaking, { path, name }: Keyword) =>
  path === '' && name === 'type'
    ? before(async (post, request) => post(withBody(request, { [payload]: [broken({})] })))
    : stranger((one) => become(one, broken(one)));
