import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult } from '../case.ts';
import type { Exchange } from '../exchange.ts';

const INTERRUPTED = 'interrupted';

/**
 * Prefix of the line in which a worker reports the exchanges that belong to none of its cases; blob reports carry it
 * too.
 */
export const AUXILIARY = 'auxiliary exchanges of a worker: ';
/** Prefix of the line in which a worker reports its footprint at its end; blob reports carry it too. */
export const LEFT_BEHIND = 'left behind by a worker: ';

/** The results of a run on disk, so that a worker that replaces another need not repeat its requests. */
export class Journal {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  read(id: string): CaseResult | undefined {
    const path = this.#path(id);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as CaseResult) : undefined;
  }

  write(result: CaseResult): void {
    this.#replace(this.#path(result.case), JSON.stringify(result));
  }

  /** Saves what this worker has left behind at the target. */
  writeFootprint(worker: number, footprint: unknown): void {
    this.#replace(join(this.#directory, `footprint-${worker}.json`), JSON.stringify(footprint));
  }

  /**
   * Records the exchanges that belong to no case, such as token requests and clean-up; `who`: the part of the run that
   * sent them.
   */
  writeAuxiliary(who: string | number, exchanges: readonly Exchange[]): void {
    this.#replace(join(this.#directory, `auxiliary-${who}.json`), JSON.stringify(exchanges));
  }

  /** All exchanges that belong to no case. */
  auxiliary(): Exchange[] {
    return readdirSync(this.#directory)
      .filter((name) => name.startsWith('auxiliary-') && name.endsWith('.json'))
      .flatMap((name) => JSON.parse(readFileSync(join(this.#directory, name), 'utf8')) as Exchange[]);
  }

  /** Every result that was written. */
  results(): CaseResult[] {
    return readdirSync(this.#directory)
      .filter((name) => name.startsWith('case-') && name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(this.#directory, name), 'utf8')) as CaseResult);
  }

  /** Tells the workers that the run is to end. */
  interrupt(): void {
    this.#replace(join(this.#directory, INTERRUPTED), '');
  }

  isInterrupted(): boolean {
    return existsSync(join(this.#directory, INTERRUPTED));
  }

  #replace(path: string, text: string): void {
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  }

  #path(id: string): string {
    return join(this.#directory, `case-${id}.json`);
  }
}
