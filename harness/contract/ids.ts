import type { Keyword } from './keywords/places.ts';

/**
 * The only module that builds ids of promises. The id of a promise of an operation starts with the operation's name, that
 * of a schema with the schema's name; the rest is spelled out in the code, so that it can be found by searching.
 */
interface Owner {
  readonly name: string;
}

interface Place {
  readonly in: string;
  readonly name: string;
}

/** The id of a promise of `owner`: `list` and `accept.served` give `list.accept.served`. */
export function promisedBy(owner: Owner, ...steps: readonly string[]): string {
  return [owner.name, ...steps].filter((step) => step !== '').join('.');
}

/**
 * The id of a promise that code refers to by the kind of its owner, such as `list.page-full` or `resource.immutable`. For
 * a second list called `user-list` it is `user-list.page-full`.
 */
export function promiseOf(owner: Owner, promise: string): string {
  return promisedBy(owner, promise.slice(promise.indexOf('.') + 1));
}

/** A promise about a parameter, such as `list.query.limit.maximum`. */
export function idOfParameter(operation: Owner, parameter: Place, step: string): string {
  return promisedBy(operation, parameter.in, parameter.name, step);
}

/** A promise about an answer, such as `create.400.media-type`. */
export function idOfAnswer(operation: Owner, status: string, step: string): string {
  return promisedBy(operation, status, step);
}

/** A promise to serve or refuse a caller, such as `close.caller.bare-token`. */
export function idOfCaller(operation: Owner, caller: { readonly id: string }): string {
  return promisedBy(operation, 'caller', caller.id);
}

/**
 * A promise of a schema keyword, such as `problem.status.type` for answers and `create.body.type.enum` for request
 * bodies.
 */
export function idOfKeyword(name: string, place: '' | 'body', keyword: Keyword): string {
  return promisedBy({ name }, place, keyword.label, keyword.name);
}
