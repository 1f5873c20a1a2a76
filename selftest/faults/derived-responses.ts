import type { Operation } from '../../harness/contract/index.ts';
import { drops, typed } from './headers.ts';
import { answer, type Fault, is } from './lie.ts';
import { isReached } from './reached.ts';

/** Each header of a response is left out; a body has another media type, or stands where there is none. */
export function derivedResponseFaults(operation: Operation): Fault[] {
  const reached = [...operation.responses.values()].filter(({ status }) => isReached(operation.name, status));
  return reached.flatMap((response) => {
    const when = is(operation.name, Number(response.status));
    const prefix = `${operation.name}.${response.status}`;
    const headers = response.headers.map((header) => ({
      id: `answer.${prefix}.${header.name}`,
      lie: `${operation.id} leaves ${header.name} out of ${response.status}.`,
      breaks: [`${prefix}.${header.name}`],
      tell: answer(when, drops(header.name)),
    }));
    const body =
      response.body === undefined
        ? {
            id: `answer.${prefix}.empty-body`,
            lie: `${operation.id} sends a body with ${response.status}.`,
            breaks: [`${prefix}.empty-body`],
            tell: answer(when, (answered) => void (answered.body = {})),
          }
        : {
            id: `answer.${prefix}.media-type`,
            lie: `${operation.id} sends ${response.status} as text/plain.`,
            breaks: [`${prefix}.media-type`],
            tell: answer(when, typed('text/plain')),
          };
    return [...headers, body];
  });
}
