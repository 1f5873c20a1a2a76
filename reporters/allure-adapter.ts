import type { TestCase, TestResult } from '@playwright/test/reporter';
import { AllureReporter } from 'allure-playwright';
import { portable } from '../harness/package.ts';

type Annotation = TestResult['annotations'][number];

/** Also passes on annotations that a test adds while it runs; the base class reads only those known before. */
export default class AllureAdapter extends AllureReporter {
  override async onTestEnd(test: TestCase, result: TestResult): Promise<void> {
    const message = { type: 'metadata', data: metadataOf(result.annotations) };
    const note = { name: 'notes', contentType: MESSAGE, body: Buffer.from(JSON.stringify(message)) };
    await super.onTestEnd(test, { ...result, attachments: [...result.attachments, note] });
  }
}

const MESSAGE = 'application/vnd.allure.message+json';

function metadataOf(annotations: readonly Annotation[]) {
  const of = (name: string) =>
    annotations.flatMap(({ type, description }) => (type === name && description !== undefined ? [description] : []));
  const tickets = of('issue');
  return {
    links: [
      ...of('contract').map((place) => ({ type: 'contract', name: place, url: fromReport(place) })),
      ...tickets.filter(isWebAddress).map((ticket) => ({ type: 'issue', name: ticket, url: ticket })),
    ],
    labels: tickets.filter((ticket) => !isWebAddress(ticket)).map((ticket) => ({ name: 'tag', value: ticket })),
  };
}

/** The Allure report lies in a folder next to that of the contract. */
const fromReport = (place: string) => `../${portable(place).replaceAll('\\', '/')}`;

const isWebAddress = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text);
