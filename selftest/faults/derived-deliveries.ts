import type { Contract } from '../../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords.ts';
import type { Node } from '../../harness/contract/nodes.ts';
import { before, misdelivering, stranger, withBody } from './delivered.ts';
import { spoil } from './derived-answers.ts';
import type { Fault } from './lie.ts';

/** For each keyword of an event and of its envelope, something delivered besides that breaks it, and nothing else. */
export function derivedDeliveryFaults(contract: Contract): Fault[] {
  const { events } = contract.resource;
  return [
    ...faultsOf(contract, events.envelope, (keyword) => envelope(events.payload, keyword)),
    ...faultsOf(contract, events.event, (keyword) => event(events.payload, keyword)),
  ];
}

function faultsOf(
  contract: Contract,
  schema: Node | undefined,
  deliver: (keyword: Keyword) => NonNullable<Fault['deliver']>,
): Fault[] {
  if (schema === undefined) return [];
  const component = schema.pointer.split('/').at(-1) ?? '';
  return keywordsOf(contract.doc, schema, component).map((keyword) => {
    const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
    return misdelivering(
      `delivery.${requirement}`,
      `Some ${component} breaks ${keyword.name}${keyword.path === '' ? '' : ` of ${keyword.path}`}.`,
      [requirement],
      deliver(keyword),
    );
  });
}

function envelope(payload: string, keyword: Keyword) {
  const isWhole = keyword.path === '';
  return before(async (post, request) => {
    const body: Record<string, unknown> = { [payload]: [] };
    if (!isWhole) spoil(body, keyword);
    return post(withBody(request, isWhole ? [] : body));
  });
}

function event(payload: string, keyword: Keyword) {
  if (keyword.path === '' && keyword.name === 'type')
    return before(async (post, request) => post(withBody(request, { [payload]: ['an event'] })));
  return stranger((one) => spoil(one, keyword));
}
