import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Alarms, Trial } from './proof.ts';
import type { Trier } from './trier.ts';

/** One thing to be tried: a fault, or variants that are taken together (none: the honest reference). */
export type Task =
  | { readonly fault: string; readonly seed: number }
  | { readonly variants: readonly string[]; readonly seed: number };

/** What a process answers. */
export type Told =
  | { readonly ready: true }
  | { readonly trial: Trial }
  | { readonly alarms: Alarms }
  | { readonly error: string };

const WORKER = fileURLToPath(new URL('./proof-worker.ts', import.meta.url));
/** Runs make much garbage that does not live long. */
const FLAGS = ['--max-semi-space-size=64'];

/** Carries out tasks in as many processes as there are processors; each takes the next one when it is done with its last. */
export class Pool implements Trier {
  readonly #waiting: Array<{ readonly task: Task; readonly done: (told: Told) => void }> = [];
  readonly #idle: ChildProcess[] = [];
  readonly #busy = new Map<ChildProcess, (told: Told) => void>();
  readonly #processes: readonly ChildProcess[];
  #failure: Error | undefined;

  /** `version`: of the contract whose proof it is. */
  constructor(version: string, processes = availableParallelism(), worker = WORKER) {
    this.#processes = Array.from({ length: processes }, () => {
      const child = fork(worker, [version], { execArgv: [...process.execArgv, ...FLAGS] });
      child.on('message', (told: Told) => this.#hear(child, told));
      child.on('exit', (code) => this.#fail(new Error(`a proving process ended with ${code}`)));
      return child;
    });
  }

  async fault(id: string, seed = 1): Promise<Trial> {
    const told = await this.#ask({ fault: id, seed });
    if ('trial' in told) return told.trial;
    throw new Error(`${id}: ${'error' in told ? told.error : 'no trial'}`);
  }

  async variants(ids: readonly string[], seed = 1): Promise<Alarms> {
    const told = await this.#ask({ variants: ids, seed });
    if ('alarms' in told) return told.alarms;
    throw new Error(`${ids.join(' + ')}: ${'error' in told ? told.error : 'no alarms'}`);
  }

  close(): void {
    for (const child of this.#processes) {
      child.removeAllListeners('exit');
      // One that is still starting would find nobody to tell.
      child.kill();
    }
  }

  #ask(task: Task): Promise<Told> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve) => {
      this.#waiting.push({ task, done: resolve });
      this.#next();
    });
  }

  #hear(child: ChildProcess, told: Told): void {
    this.#busy.get(child)?.(told);
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

  /** Whoever waits is told; nothing more can be tried. */
  #fail(error: Error): void {
    this.#failure = error;
    for (const done of this.#busy.values()) done({ error: error.message });
    for (const { done } of this.#waiting.splice(0)) done({ error: error.message });
  }
}
