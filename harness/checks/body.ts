import type { Contract } from '../contract/index.ts';
import type { Node } from '../contract/nodes.ts';
import type { Judgement } from './judgement.ts';

/** One judgement for each keyword that a body puts to the test. */
export function judgeBody(
  contract: Contract,
  exchange: { readonly id: string },
  schema: Node,
  body: unknown,
): Judgement[] {
  const { exercised, violations } = contract.schemas.judge(schema, body);
  const seen = new Map<string, string[]>();
  for (const violation of violations)
    seen.set(violation.pointer, [...(seen.get(violation.pointer) ?? []), violation.message]);
  return [...new Set([...exercised, ...seen.keys()])].map((pointer) => ({
    requirement: contract.byPointer.get(pointer) ?? pointer,
    exchanges: [exchange.id],
    violations: (seen.get(pointer) ?? []).slice(0, 3),
  }));
}
