import type { Contract } from '../../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords.ts';
import { before, misdelivering, stranger, withBody } from './delivered.ts';
import { spoil } from './derived-answers.ts';
import type { Fault } from './lie.ts';

/** For each keyword of an event and of its envelope, something delivered besides that breaks it, and nothing else. */
export function derivedDeliveryFaults(contract: Contract): Fault[] {
  return [...faultsOf(contract, 'EventDelivery', envelope), ...faultsOf(contract, 'AccountGroupEvent', event)];
}

function faultsOf(
  contract: Contract,
  component: string,
  deliver: (keyword: Keyword) => NonNullable<Fault['deliver']>,
): Fault[] {
  const schema = contract.doc.find(`#/components/schemas/${component}`);
  if (schema === undefined) return [];
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

function envelope(keyword: Keyword) {
  const isWhole = keyword.path === '';
  return before(async (post, request) => {
    const body: Record<string, unknown> = { payload: [] };
    if (!isWhole) spoil(body, keyword);
    return post(withBody(request, isWhole ? [] : body));
  });
}

function event(keyword: Keyword) {
  if (keyword.path === '' && keyword.name === 'type')
    return before(async (post, request) => post(withBody(request, { payload: ['an event'] })));
  return stranger((one) => spoil(one, keyword));
}
