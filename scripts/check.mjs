/*
 * npm run check: types, lint, format, structure, lists, imports, docs. About ten seconds.
 * `npm run check -- structure imports` runs those named.
 */
import { CHECKS } from "./checks.mjs";
import { runSteps, stepOf } from "./run-steps.mjs";

// Called without npm, the "--" before the names is still there.
const names = process.argv.slice(2).filter((name) => name !== "--");
const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`No such check: ${unknown.join(", ")}. There are ${CHECKS.map((check) => check.name).join(", ")}.`);
  process.exitCode = 2;
} else {
  const chosen = CHECKS.filter((check) => names.length === 0 || names.includes(check.name));
  process.exitCode = (await runSteps(chosen.map(stepOf))) ? 1 : 0;
}
