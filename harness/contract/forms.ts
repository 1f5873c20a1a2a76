import type { DocumentReader, Node } from './document.ts';
import { branchesOf, UNIONS } from './keywords/parts.ts';

/** The alternative schemas of a value: the branches of a union, the usual one first, or the schema itself. */
export function formsOf(doc: DocumentReader, schema: Node | undefined): readonly Node[] {
  if (schema === undefined) return [];
  const branches = UNIONS.flatMap((by) => branchesOf(doc, schema, by));
  return branches.length === 0 ? [schema] : branches.flatMap((branch) => formsOf(doc, branch));
}
