// Without this, the generator adds an analytics script from another host to the page.
process.env.ALLURE_NO_ANALYTICS = 'true';

/** `npm run report:allure [-- FOLDER...]`: one HTML file from the results of a run, or of all shards of a run. */
export default {
  name: 'Account Groups conformance',
  resultsDir: 'allure-results',
  output: 'allure-report',
  historyPath: process.env.ALLURE_HISTORY ?? 'allure-history.jsonl',
  historyLimit: 90,
  // The other plugins include that script regardless of the variable.
  plugins: { allure2: { options: { reportName: 'Account Groups conformance', singleFile: true } } },
};
