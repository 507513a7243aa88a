/*
 * npm test: everything that must hold, in the order of how soon it can tell. Ends with the tests that failed and the
 * plain line `N passed, N failed`.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CHECKS } from "./checks.mjs";
import { runSteps, stepOf } from "./run-steps.mjs";
import { runForeground } from "./setup/run-foreground.mjs";
import { readResults } from "./test-results.mjs";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".cache", "test-results");
/** @type {import("./test-results.mjs").TestResults} */
const all = { passed: 0, failed: 0, failures: [] };

/**
 * @param {string} name
 * @param {string} configuration of vitest, below the root
 * @returns {import("./run-steps.mjs").Step}
 */
function vitestStep(name, configuration) {
  const file = join(folder, `${name}.json`);
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
      const results = readResults(file, root);
      all.passed += results.passed;
      all.failed += results.failed;
      all.failures.push(...results.failures);
      return code;
    },
  };
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
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
if (failed && all.failed === 0) all.failed = 1;
// Here again, since they stand above thousands of dots.
for (const failure of all.failures) console.log(`\n${failure}`);
console.log(`\n${all.passed} passed, ${all.failed} failed`);
process.exitCode = failed ? 1 : 0;
