import { idOfAnswer } from '../../harness/contract/ids.ts';
import type { Operation } from '../../harness/contract/index.ts';
import { answer, type Fault, is } from './fault.ts';
import { drops, typed } from './headers.ts';
import { isReached } from './reached.ts';

/** Each header of a response is left out; a body has another media type, or stands where there is none. */
export function derivedResponseFaults(operation: Operation): Fault[] {
  const reached = [...operation.responses.values()].filter(({ status }) => isReached(operation.name, status));
  return reached.flatMap((response) => {
    const when = is(operation.name, Number(response.status));
    const promise = (step: string) => idOfAnswer(operation, response.status, step);
    const headers = response.headers.map((header) => ({
      id: `answer.${promise(header.name)}`,
      statement: `${operation.id} leaves ${header.name} out of ${response.status}.`,
      breaks: [promise(header.name)],
      intercept: answer(when, drops(header.name)),
    }));
    const body =
      response.body === undefined
        ? {
            id: `answer.${promise('empty-body')}`,
            statement: `${operation.id} sends a body with ${response.status}.`,
            breaks: [promise('empty-body')],
            intercept: answer(when, (answered) => void (answered.body = {})),
          }
        : {
            id: `answer.${promise('media-type')}`,
            statement: `${operation.id} sends ${response.status} as text/plain.`,
            breaks: [promise('media-type')],
            intercept: answer(when, typed('text/plain')),
          };
    return [...headers, body];
  });
}
