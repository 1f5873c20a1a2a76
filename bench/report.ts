import { gzipSync } from 'node:zlib';
import { VERDICTS } from '../harness/verdicts/verdicts.ts';
import { page } from '../reporters/html/page.ts';
import type { Report } from '../reporters/report.ts';
import { checkedReport, readReport, reportText } from '../reporters/report-file.ts';

/** `npm run bench:report`: size and time of reports with 1,000 and 10,000 verdicts, made from that of the last run. */

const seed = readReport('reports/conformance.json');

/** A report with `count` requirements: those of the last run repeated, every tenth of them violated. */
function grown(count: number): Report {
  const times = Math.ceil(count / seed.requirements.length);
  const copies = Array.from({ length: times }, (_, copy) => copy);
  const name = (id: string, copy: number) => `${copy}/${id}`;
  const requirements = copies
    .flatMap((copy) => seed.requirements.map((one) => ({ ...one, id: name(one.id, copy) })))
    .slice(0, count)
    .map((one, index) => (index % 10 === 0 ? { ...one, verdict: 'failed' as const, gate: 'gate' as const } : one));
  const evidence = copies.flatMap((copy) =>
    Object.entries(seed.evidence).map(([id, one]) => {
      const exchanges = one.exchanges.map((exchange) => name(exchange, copy));
      const violations = [{ case: one.cases[0] ?? '', seen: 'body/x is odd', exchanges: exchanges.slice(0, 1) }];
      return [name(id, copy), { ...one, exchanges, violations, violationCount: 1 }] as const;
    }),
  );
  return {
    ...seed,
    requirements,
    counts: Object.fromEntries(
      VERDICTS.map((word) => [word, requirements.filter((one) => one.verdict === word).length]),
    ),
    evidence: Object.fromEntries(evidence),
    exchanges: copies.flatMap((copy) =>
      seed.exchanges.map((exchange) => ({ ...exchange, id: name(exchange.id, copy) })),
    ),
  };
}

function timed<T>(act: () => T): { value: T; ms: number } {
  const began = performance.now();
  const value = act();
  return { value, ms: performance.now() - began };
}

const size = (text: string) =>
  `${(Buffer.byteLength(text) / 1e6).toFixed(2)} MB (${(gzipSync(text).length / 1e6).toFixed(2)} gzipped)`;
const print = (text: string) => void process.stdout.write(`${text}\n`);
for (const count of [seed.requirements.length, 1000, 10_000]) {
  const report = grown(count);
  const json = timed(() => reportText(report));
  const checked = timed(() => checkedReport(JSON.parse(json.value)));
  const html = timed(() => page(report));
  print(`${count} verdicts, ${report.exchanges.length} exchanges`);
  print(
    `  JSON  ${size(json.value)}, ${json.ms.toFixed(0)} ms to write, ${checked.ms.toFixed(0)} ms to read and validate`,
  );
  print(`  HTML  ${size(html.value)}, ${html.ms.toFixed(0)} ms`);
}
