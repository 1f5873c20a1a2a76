import { idOfAnswer } from '../../harness/contract/ids.ts';
import type { Operation } from '../../harness/contract/index.ts';
import { answer, type Fault, is } from './fault.ts';
import { drops, typed } from './headers.ts';
import { isReached } from './reached.ts';

/** For each response: each header missing, another media type, or a body where none is documented. */
export function derivedResponseFaults(operation: Operation): Fault[] {
  const reached = [...operation.responses.values()].filter(({ status }) => isReached(operation.name, status));
  return reached.flatMap((response) => {
    const when = is(operation.name, Number(response.status));
    const promise = (step: string) => idOfAnswer(operation, response.status, step);
    const headers = response.headers.map((header) => ({
      id: `answer.${promise(header.name)}`,
      statement: `${operation.id} answers ${response.status} without ${header.name}.`,
      breaks: [promise(header.name)],
      intercept: answer(when, drops(header.name)),
    }));
    const body =
      response.body === undefined
        ? {
            id: `answer.${promise('empty-body')}`,
            statement: `${operation.id} answers ${response.status} with a body.`,
            breaks: [promise('empty-body')],
            intercept: answer(when, (answered) => void (answered.body = {})),
          }
        : {
            id: `answer.${promise('media-type')}`,
            statement: `${operation.id} answers ${response.status} as text/plain.`,
            breaks: [promise('media-type')],
            intercept: answer(when, typed('text/plain')),
          };
    return [...headers, body];
  });
}
