import type { Report } from './report.ts';
import { counted } from './text.ts';

/**
 * What the profile of the target excludes, to be said along with the verdict, by the first part of the requirements'
 * ids; empty where it excludes nothing.
 */
export function exceptionOf({ requirements, settings }: Report): string {
  const counts = new Map<string, number>();
  for (const { id, excludedBy } of requirements)
    if (excludedBy === 'profile') {
      const [head = id] = id.split('.');
      counts.set(head, (counts.get(head) ?? 0) + 1);
    }
  if (counts.size === 0) return '';
  const parts = [...counts].map(([head, count]) => `${counted(count, 'requirement')} of ${head}`);
  return `except what the profile of ${settings.TARGET ?? 'the target'} excludes: ${parts.join(', ')}`;
}
