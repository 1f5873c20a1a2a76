import type { Node } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import type { Finding } from './finding.ts';

/** One finding for each keyword that a body exercises. */
export function judgeBody(
  contract: Contract,
  exchange: { readonly id: string },
  schema: Node,
  body: unknown,
): Finding[] {
  const { exercised, violations } = contract.schemas.judge(schema, body);
  const seen = new Map<string, string[]>();
  for (const { pointer, message } of violations) {
    const messages = seen.get(pointer) ?? [];
    seen.set(pointer, messages);
    if (messages.length < MOST_VIOLATIONS) messages.push(message);
  }
  return [...new Set([...exercised, ...seen.keys()])].map((pointer) => ({
    requirement: contract.byPointer.get(pointer) ?? pointer,
    exchanges: [exchange.id],
    violations: seen.get(pointer) ?? [],
  }));
}

/** Violations of one keyword that are kept per body; more would show nothing new. */
const MOST_VIOLATIONS = 3;
