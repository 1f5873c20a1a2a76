import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject } from '../harness/contract/document.ts';
import { type Histories, readHistory } from '../harness/contract/promise-history.ts';

/** The versions of every promise, from the lock next to a contract; empty if there is none that can be read. */
export function readLock(contract: string): Histories {
  try {
    const lock: unknown = JSON.parse(readFileSync(join(dirname(contract), 'requirements.lock.json'), 'utf8'));
    return new Map(isObject(lock) ? Object.entries(lock).map(([id, text]) => [id, readHistory(String(text))]) : []);
  } catch {
    return new Map();
  }
}
