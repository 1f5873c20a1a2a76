import type { Contract } from '../../harness/contract/index.ts';
import { keywordsOf } from '../../harness/contract/keywords/places.ts';
import { breaking, inWords } from './broken-parts.ts';
import {
  type Answered,
  type Asked,
  answer,
  becomes,
  empty,
  type Fault,
  intercepting,
  isJson,
  type Json,
} from './fault.ts';
import { drops, typed } from './headers.ts';

/** Wrong answers about webhooks, and registrations with the wrong effect. */

const isAbout = ({ url }: Asked) => /^\/webhooks(\/[^/]+)?$/.test(url.pathname);
const asked = (method: string) => (one: Asked, answered: Answered) =>
  isAbout(one) && one.method === method && answered.status < 300;
const isDescribed = (one: Asked, answered: Answered) => asked('POST')(one, answered) || asked('PATCH')(one, answered);
const described = (change: (webhook: Json) => void) => (answered: Answered) =>
  void (isJson(answered.body) && change(answered.body));

/** For each keyword of a webhook, answers that violate it; that of the id only after the registration, which needs it. */
export function derivedWebhookFaults(contract: Contract): Fault[] {
  const schema = contract.doc.find('#/x-prerequisites/webhook/answer');
  if (schema === undefined) return [];
  return keywordsOf(contract.doc, schema, 'webhook').map((keyword) => {
    const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
    const isWhole = keyword.path === '' && keyword.name === 'type';
    const broken = breaking(contract, schema, keyword);
    return {
      id: `webhook-answer.${requirement}`,
      statement: `A webhook violates ${inWords(keyword)}.`,
      breaks: [requirement, ...(CONTRADICTING.includes(requirement) ? ['webhook.as-asked'] : [])],
      intercept: answer(
        isWhole || keyword.path === 'id' ? asked('PATCH') : isDescribed,
        (answered) => void (answered.body = broken(answered.body)),
      ),
    };
  });
}

/** Keywords whose violation also differs from what was requested. */
const CONTRADICTING = ['webhook.title.maxLength', 'webhook.url.maxLength', 'webhook.type[].type'];

const fault = (id: string, statement: string, breaks: readonly string[], intercept: Fault['intercept']): Fault => ({
  id: `webhook-${id}`,
  statement,
  breaks,
  intercept,
});

export const webhookFaults: readonly Fault[] = [
  fault(
    'registered-200',
    'A registration is answered with 200.',
    ['webhook.registered'],
    answer(asked('POST'), becomes(200)),
  ),
  fault(
    'registered-202',
    'A registration is answered with 202.',
    ['webhook.registered'],
    answer(asked('POST'), becomes(202)),
  ),
  fault('enabled-202', 'A change is answered with 202.', ['webhook.enabled'], answer(asked('PATCH'), becomes(202))),
  fault('removed-200', 'A removal is answered with 200.', ['webhook.removed'], answer(asked('DELETE'), becomes(200))),
  fault(
    'never-removed',
    'A removal is acknowledged, but not executed.',
    ['webhook.removed-gets-nothing'],
    intercepting(() => async (one, forward) => (isAbout(one) && one.method === 'DELETE' ? empty(204) : forward())),
  ),
  fault(
    'other-url',
    'A webhook is shown with another URL.',
    ['webhook.as-asked'],
    answer(
      isDescribed,
      described((webhook) => void (webhook.url = 'https://elsewhere.example/events')),
    ),
  ),
  fault(
    'other-title',
    'A webhook is shown with another title.',
    ['webhook.as-asked'],
    answer(
      isDescribed,
      described((webhook) => void (webhook.title = 'Untitled')),
    ),
  ),
  fault(
    'all-events',
    'A webhook is shown with the type ALL.',
    ['webhook.as-asked'],
    answer(
      isDescribed,
      described((webhook) => void (webhook.type = ['ALL'])),
    ),
  ),
  fault(
    'still-disabled',
    'A webhook that was enabled is shown as disabled.',
    ['webhook.as-asked'],
    answer(
      asked('PATCH'),
      described((webhook) => void (webhook.enabled = false)),
    ),
  ),
  fault(
    'as-text',
    'A webhook has the media type text/plain.',
    ['webhook.media-type'],
    answer(isDescribed, typed('text/plain')),
  ),
  fault(
    'without-request-id',
    'Answers about webhooks have no request id.',
    ['webhook.upvest-request-id'],
    answer(isAbout, drops('upvest-request-id')),
  ),
  fault(
    'keys-without-request-id',
    'The answer with the verify keys has no request id.',
    ['webhook.upvest-request-id'],
    answer(({ url }) => url.pathname === '/auth/verify_keys', drops('upvest-request-id')),
  ),
  fault(
    'for-anybody',
    'Any token permits registering a webhook.',
    ['webhook.insufficient-scope'],
    intercepting(() => {
      let good: string | null = null;
      return async (one, forward) => {
        if (!isAbout(one)) return forward();
        if (one.scopes === 'webhooks:admin') good = one.headers.get('authorization');
        else if (good !== null) one.headers.set('authorization', good);
        return forward();
      };
    }),
  ),
];
