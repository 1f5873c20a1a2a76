import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Alarms, Trial } from './proof.ts';
import type { Trier } from './trier.ts';

/** One trial: a fault, or a combination of variants (none: the honest reference). */
export type Task =
  | { readonly fault: string; readonly seed: number }
  | { readonly variants: readonly string[]; readonly seed: number };

/** A message from a worker process. */
export type Reply =
  | { readonly ready: true }
  | { readonly trial: Trial }
  | { readonly alarms: Alarms }
  | { readonly error: string };

const WORKER = fileURLToPath(new URL('./proof-worker.ts', import.meta.url));
/** Runs create much short-lived garbage. */
const FLAGS = ['--max-semi-space-size=64'];

/** Distributes tasks over one process per processor. */
export class Pool implements Trier {
  readonly #waiting: Array<{ readonly task: Task; readonly done: (reply: Reply) => void }> = [];
  readonly #idle: ChildProcess[] = [];
  readonly #busy = new Map<ChildProcess, (reply: Reply) => void>();
  readonly #processes: readonly ChildProcess[];
  #failure: Error | undefined;

  /** `version`: the version of the contract. */
  constructor(version: string, processes = availableParallelism(), worker = WORKER) {
    this.#processes = Array.from({ length: processes }, () => {
      const child = fork(worker, [version], { execArgv: [...process.execArgv, ...FLAGS] });
      child.on('message', (reply: Reply) => this.#receive(child, reply));
      child.on('exit', (code) => this.#fail(new Error(`a worker process of the proof exited with code ${code}`)));
      return child;
    });
  }

  async fault(id: string, seed = 1): Promise<Trial> {
    const reply = await this.#ask({ fault: id, seed });
    if ('trial' in reply) return reply.trial;
    throw new Error(`${id}: ${'error' in reply ? reply.error : 'no trial'}`);
  }

  async variants(ids: readonly string[], seed = 1): Promise<Alarms> {
    const reply = await this.#ask({ variants: ids, seed });
    if ('alarms' in reply) return reply.alarms;
    throw new Error(`${ids.join(' + ')}: ${'error' in reply ? reply.error : 'no alarms'}`);
  }

  close(): void {
    for (const child of this.#processes) {
      child.removeAllListeners('exit');
      // A process that is still starting could not send its first message.
      child.kill();
    }
  }

  #ask(task: Task): Promise<Reply> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve) => {
      this.#waiting.push({ task, done: resolve });
      this.#next();
    });
  }

  #receive(child: ChildProcess, reply: Reply): void {
    this.#busy.get(child)?.(reply);
    this.#busy.delete(child);
    this.#idle.push(child);
    this.#next();
  }

  #next(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const [child, job] = [this.#idle.pop(), this.#waiting.shift()];
      if (child === undefined || job === undefined) return;
      this.#busy.set(child, job.done);
      child.send(job.task);
    }
  }

  /** Fails all pending and future tasks. */
  #fail(error: Error): void {
    this.#failure = error;
    for (const done of this.#busy.values()) done({ error: error.message });
    for (const { done } of this.#waiting.splice(0)) done({ error: error.message });
  }
}
