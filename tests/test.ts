import type { TestDetails, TestInfo } from '@playwright/test';
import * as playwright from '@playwright/test';
import type { Case } from '../harness/case.ts';
import { readContract } from '../harness/contract/index.ts';
import { settingsOrExit } from '../harness/environment.ts';
import { ADVICE, ELSEWHERE, fail, Violation } from '../harness/outcome.ts';
import { RunningSession } from '../harness/run.ts';
import { tell } from '../harness/tell.ts';
import { visible } from '../harness/visible.ts';
import { allCases } from './cases.ts';
import { callAt, sourceLineOf } from './source-line.ts';

const settings = settingsOrExit();
export const contract = await readContract(settings.contract, settings.contractVersion);
const cases = allCases(contract);
const options = { ...settings, today: new Date().toISOString().slice(0, 10) };

/**
 * Playwright's test without its browser fixtures: these cost more than a case, and add a file of advice for language
 * models to every failure. The name is not documented; where it is gone, the documented one does.
 */
const { _baseTest, test: documented } = playwright as typeof playwright & {
  readonly _baseTest?: typeof playwright.test;
};
const base = _baseTest ?? documented;

/** The one test object: a worker holds one session with the target, and keeps it from file to file. */
export const test = base.extend<object, { running: RunningSession }>({
  running: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from this pattern.
    async ({}, use, worker) => {
      const { maxFailures, shard } = worker.config;
      const policy = { endsEarly: maxFailures > 0, isShard: shard !== null };
      const running = await RunningSession.open(contract, cases, settings, worker.workerIndex, policy);
      await use(running);
      await running.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

const places = new Map(await Promise.all(cases.map(async (one) => [one.id, await sourceLineOf(one)] as const)));

/** Declares the cases of an area as tests: title, tags, annotations, and a body that tells what was seen. */
export function declare(area: Case['area']): void {
  for (const one of cases.filter((candidate) => candidate.area === area)) {
    const body = ({ running }: { running: RunningSession }, info: TestInfo) => report(one, running, info);
    callAt(places.get(one.id), test, one.title, detailsOf(one), body);
  }
}

function detailsOf({ id, area, operation, proves }: Case): TestDetails {
  return {
    tag: [`@${area}`, ...(operation === undefined ? [] : [`@${operation}`])],
    annotation: [
      { type: 'allure.id', description: id },
      { type: 'allure.label.epic', description: area },
      { type: 'allure.label.feature', description: operation ?? 'any operation' },
      { type: 'allure.label.story', description: situationOf(id) },
      ...proves.map((requirement) => ({ type: 'allure.label.requirement', description: requirement })),
    ],
  };
}

/** The last part of a case's id, in words. */
const situationOf = (id: string) => (id.split('.').at(-1) ?? id).replaceAll('-', ' ');

/** Where the contract makes the promises that a case is made for. */
const pointersOf = ({ proves }: Case) =>
  new Set(proves.map((requirement) => `${contract.path}${contract.requirements.get(requirement)?.pointer ?? ''}`));

async function report(candidate: Case, running: RunningSession, info: TestInfo): Promise<void> {
  const result = await running.result(candidate);
  await info.attach('evidence', { body: JSON.stringify(result), contentType: 'application/json' });
  const verdicts = await running.verdicts(options);
  const story = tell(contract, candidate, result, verdicts, options);
  for (const { title, problem } of story.steps)
    await test
      .step(title, () => {
        if (problem !== undefined) throw new Violation(visible(problem));
      })
      .catch((error: unknown) => {
        if (!(error instanceof Violation)) throw error;
      });
  for (const pointer of pointersOf(candidate)) info.annotations.push({ type: 'contract', description: pointer });
  for (const ticket of story.tickets) info.annotations.push({ type: 'issue', description: ticket });
  for (const advice of story.advice) info.annotations.push({ type: ADVICE, description: visible(advice) });
  for (const other of story.elsewhere) info.annotations.push({ type: ELSEWHERE, description: visible(other) });
  if (story.skipped !== undefined && story.failure === undefined) test.skip(true, story.skipped);
  if (story.failure !== undefined) fail(info, visible(story.failure));
}
