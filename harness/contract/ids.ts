/**
 * The id of a promise of some operation, or of the resource. Code names what kind of owner makes it, such as
 * `list.page-full` or `resource.immutable`; a second list called `user-list` makes it as `user-list.page-full`.
 */
export function promiseOf(owner: { readonly name: string }, promise: string): string {
  return `${owner.name}.${promise.slice(promise.indexOf('.') + 1)}`;
}
