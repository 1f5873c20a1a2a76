import type { Node } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import type { Finding } from './finding.ts';

/** One finding for each keyword that a body puts to the test. */
export function judgeBody(
  contract: Contract,
  exchange: { readonly id: string },
  schema: Node,
  body: unknown,
): Finding[] {
  const { exercised, violations } = contract.schemas.judge(schema, body);
  const seen = new Map<string, string[]>();
  for (const { pointer, message } of violations) {
    const told = seen.get(pointer) ?? [];
    seen.set(pointer, told);
    if (told.length < MOST_TOLD) told.push(message);
  }
  return [...new Set([...exercised, ...seen.keys()])].map((pointer) => ({
    requirement: contract.byPointer.get(pointer) ?? pointer,
    exchanges: [exchange.id],
    violations: seen.get(pointer) ?? [],
  }));
}

/** A body that breaks one keyword in many places shows no more by each of them. */
const MOST_TOLD = 3;
