// The generator reads this when it writes the page, into which it would otherwise put a script of another host.
process.env.ALLURE_NO_ANALYTICS = 'true';

/** `npm run report:allure [-- FOLDER...]`: one HTML file from the results of a run, or of all shards of a run. */
export default {
  name: 'Account Groups conformance',
  resultsDir: 'allure-results',
  output: 'allure-report',
  historyPath: process.env.ALLURE_HISTORY ?? 'allure-history.jsonl',
  historyLimit: 90,
  // Other plugins ask for that script whatever they are told.
  plugins: { allure2: { options: { reportName: 'Account Groups conformance', singleFile: true } } },
};
