import type { Keyword } from './keywords/places.ts';

/**
 * How the id of a promise is spelled, in one place. What an operation promises starts with its name, what a schema
 * promises with the name of the schema; the rest stands in the code as the report shows it, so that it can be searched for.
 */
interface Owner {
  readonly name: string;
}

interface Place {
  readonly in: string;
  readonly name: string;
}

/** `list` and `accept.served` as `list.accept.served`. */
export function promisedBy(owner: Owner, ...steps: readonly string[]): string {
  return [owner.name, ...steps].filter((step) => step !== '').join('.');
}

/**
 * The id of a promise of some operation, or of the resource. Code names what kind of owner makes it, such as
 * `list.page-full` or `resource.immutable`; a second list called `user-list` makes it as `user-list.page-full`.
 */
export function promiseOf(owner: Owner, promise: string): string {
  return promisedBy(owner, promise.slice(promise.indexOf('.') + 1));
}

/** What a parameter of an operation has to do with: `list.query.limit.maximum`. */
export function idOfParameter(operation: Owner, parameter: Place, step: string): string {
  return promisedBy(operation, parameter.in, parameter.name, step);
}

/** What an answer comes with: `create.400.media-type`. */
export function idOfAnswer(operation: Owner, status: string, step: string): string {
  return promisedBy(operation, status, step);
}

/** Whether a caller is served: `close.caller.bare-token`. */
export function idOfCaller(operation: Owner, caller: { readonly id: string }): string {
  return promisedBy(operation, 'caller', caller.id);
}

/** What a keyword demands, of an answer if there is no `place`: `problem.status.type`, `create.body.type.enum`. */
export function idOfKeyword(name: string, place: '' | 'body', keyword: Keyword): string {
  return promisedBy({ name }, place, keyword.label, keyword.name);
}
