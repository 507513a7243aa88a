import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** Lines of a failure that are told again at the end; the rest stands where the test ran. */
const TOLD_LINES = 4;

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} Test
 * @typedef {{ name: string, status: string, message: string, assertionResults: Test[] }} TestFile
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: TestFile[] }} Report of vitest's JSON reporter
 *
 * @typedef {object} TestResults
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} failures each as `<file> > <test>` and the first lines of why
 */

/**
 * What a run of tests came to. A file that could not be loaded has no test that failed, and is told by itself.
 *
 * @param {Report} report
 * @param {string} root what the names of files are relative to
 * @returns {TestResults}
 */
export function resultsOf(report, root) {
  const failures = report.testResults.flatMap((file) => {
    const name = relative(root, file.name);
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0) return file.status === "failed" ? [told(name, file.message)] : [];
    return failed.map((test) => told(`${name} > ${test.fullName}`, test.failureMessages?.[0] ?? ""));
  });
  return { passed: report.numPassedTests, failed: report.numFailedTests, failures };
}

/** @param {string} name @param {string} why */
function told(name, why) {
  const lines = why.split("\n").filter((line) => line.trim() !== "");
  return [name, ...lines.slice(0, TOLD_LINES).map((line) => `    ${line.trim().slice(0, 300)}`)].join("\n");
}

/**
 * @param {string} file written by vitest's JSON reporter
 * @param {string} root
 * @returns {TestResults} of nothing, with a word on stderr, when the file is not there
 */
export function readResults(file, root) {
  try {
    return resultsOf(JSON.parse(readFileSync(file, "utf8")), root);
  } catch {
    console.error(`${file} was not written: the test runner ended before its tests did.`);
    return { passed: 0, failed: 0, failures: [] };
  }
}
