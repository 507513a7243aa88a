/*
 * npm test: everything that must hold, in the order of how soon it can tell. Ends with the plain line
 * `N passed, N failed`.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CHECKS } from "./checks.mjs";
import { runSteps, stepOf } from "./run-steps.mjs";
import { runForeground } from "./setup/run-foreground.mjs";

const root = join(import.meta.dirname, "..");
const results = join(root, ".cache", "test-results");
const counted = { passed: 0, failed: 0 };

/** @param {string} file written by vitest's json reporter */
function count(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, "utf8"));
    counted.passed += numPassedTests;
    counted.failed += numFailedTests;
  } catch {
    console.error(`${file} was not written: the test runner ended before its tests did.`);
  }
}

/**
 * @param {string} name
 * @param {string} configuration of vitest, below the root
 * @returns {import("./run-steps.mjs").Step}
 */
function vitestStep(name, configuration) {
  const file = join(results, `${name}.json`);
  const parameters = ["run", "--config", join(root, configuration), "--reporter=dot", "--reporter=json"];
  return {
    name,
    hint: `Run one file alone with: npx vitest run --config ${configuration} <path>`,
    run: async () => {
      const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
      const code = await runForeground(process.execPath, [vitest, ...parameters, `--outputFile.json=${file}`], {
        cwd: root,
        // The embedded engine holds a thread of libuv's pool for each query that waits.
        env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
      });
      count(file);
      return code;
    },
  };
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const failed = await runSteps([
  ...CHECKS.map(stepOf),
  vitestStep("tests", "vitest.config.ts"),
  stepOf({ name: "build", commands: [[join(root, "scripts", "build.mjs")]], hint: "The messages above say why." }),
  stepOf({
    name: "packages",
    commands: [[join(root, "scripts", "packages.mjs")]],
    hint: "What each package may hold is the table in scripts/packages.mjs.",
  }),
  vitestStep("browser", "vitest.browser.config.ts"),
]);
// A step that is not made of tests counts as one failure, so that the last line never looks green by mistake.
if (failed && counted.failed === 0) counted.failed = 1;
console.log(`\n${counted.passed} passed, ${counted.failed} failed`);
process.exitCode = failed ? 1 : 0;
