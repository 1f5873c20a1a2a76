import type { Api, Case, CaseRequest } from '../../harness/case.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { type Exchange, headerValue, succeeded } from '../../harness/exchange.ts';
import { newItem } from '../fixtures/creation.ts';
import { anyGroup, isRefusal } from '../fixtures/items.ts';
import { refusedCreations } from './refusals.ts';

/** Requests whose signature is missing or wrong: each succeeds when it is signed well. */

const STATUS = 'signature.refusal-status';
const FLAWS = ['unsigned', 'tampered', 'expired', 'unknown-key'] as const;

export function signatureCases({ resource }: Contract): Case[] {
  const { list, create } = resource;
  return [...(list === undefined ? [] : [reading(list)]), ...(create === undefined ? [] : [writing(create)])];
}

const reading = (list: Operation): Case => ({
  id: 'signatures.reading',
  area: 'signatures',
  title: 'requests that are not signed well are refused',
  covers: [...FLAWS.map((flaw) => `signature.${flaw}`), 'signature.replayed', STATUS],
  writes: false,
  async run(api) {
    if (declined(api, this.covers)) return;
    const { retrieve, idParameter } = api.contract.resource;
    const good = await api.ask({ operation: list.name, query: { limit: '2' } });
    if (!succeeded(good)) return blocked(api, this.covers, good.response.status);
    const endpoint = api.contract.operations.find(({ issuesTokens }) => issuesTokens);
    const answers = await Promise.all([
      api.ask({
        operation: list.name,
        query: { limit: '2' },
        signature: nonceOf(good),
        expects: ['signature.replayed'],
      }),
      ...FLAWS.map((flaw) =>
        api.ask({ operation: list.name, query: { limit: '2' }, signature: flaw, expects: [`signature.${flaw}`] }),
      ),
      ...(retrieve === undefined ? [] : (['unsigned', 'expired', 'unknown-key'] as const)).map(async (flaw) =>
        api.ask({
          operation: retrieve?.name ?? '',
          path: { [idParameter]: await anyGroup(api) },
          signature: flaw,
          expects: [`signature.${flaw}`],
        }),
      ),
      ...(endpoint
        ? [api.ask({ operation: endpoint.name, signature: 'unsigned', expects: ['signature.unsigned'] })]
        : []),
    ]);
    // Of what was not refused its own requirement tells.
    for (const answer of answers.filter(isRefusal)) api.judgeStatus([STATUS], answer);
  },
});

const writing = (create: Operation): Case => ({
  id: 'signatures.writing',
  area: 'signatures',
  operation: create.name,
  title: 'a creation that is not signed well is refused',
  covers: ['signature.wrong-digest', 'signature.unsigned', 'create.refused-creates-nothing'],
  writes: true,
  async run(api) {
    if (declined(api, this.covers)) return;
    const body = await newItem(api);
    const asks: CaseRequest[] = (['wrong-digest', 'unsigned'] as const).map((flaw) => ({
      operation: create.name,
      body,
      signature: flaw,
      expects: [`signature.${flaw}`],
    }));
    await refusedCreations(api, asks);
  },
});

/** The nonce that a request was signed with. */
function nonceOf({ request }: Exchange): { readonly nonce: string } {
  return { nonce: /;nonce="([^"]*)"/.exec(headerValue(request.headers, 'signature-input') ?? '')?.[1] ?? '' };
}

/** True where signatures cannot be tested, which is then noted. */
function declined(api: Api, requirements: readonly string[]): boolean {
  if (api.signed === 'here') return false;
  for (const requirement of requirements.filter((id) => id.startsWith('signature.')))
    api.excluded(requirement, api.signed === 'by-proxy' ? 'signed-by-proxy' : 'unsigned');
  return true;
}

function blocked(api: Api, requirements: readonly string[], status: number): void {
  for (const requirement of requirements)
    api.blocked(requirement, 'allowed-call-fails', `a request that is signed well is answered with ${status}`);
}
