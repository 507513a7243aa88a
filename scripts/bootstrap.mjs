/*
 * Every npm script of this repository goes through here: `node scripts/bootstrap.mjs <step> [arguments]`.
 * It installs what package-lock.json names when that is missing, finds a new enough Node, and runs the
 * step with it. Only Node's own modules, and only what Node 20 knows. The scripts say `exec`, so that a signal for npm
 * reaches this process and not a shell in between, which would end alone.
 */
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { findNode, isNewEnough, NEEDED_NODE } from "./setup/find-node.mjs";
import { installWhenNeeded } from "./setup/install.mjs";
import { runForeground } from "./setup/run-foreground.mjs";

const STEPS = ["start", "test", "check", "build", "bench", "lists", "docs", "prices"];
/** Folders with packages of their own, which only these steps need: starting Telltale does not wait for them. */
const ALSO_INSTALLED = new Map([
  [
    "test",
    ["e2e/clients", "e2e/clients-ai4", "e2e/bundles", "e2e/peers/vendors", "e2e/peers/otel2", "e2e/peers/otel3"],
  ],
  ["check", ["e2e/clients"]],
]);
const root = join(import.meta.dirname, "..");

/**
 * @param {string | undefined} step
 * @param {string[]} parameters
 * @returns {Promise<number | undefined>} the exit code, or undefined when the step sets its own
 */
async function bootstrap(step, parameters) {
  if (step === undefined || !STEPS.includes(step)) {
    console.error(`Say one of: npm start, npm test, npm run ${STEPS.slice(2).join(", npm run ")}.`);
    return 2;
  }
  for (const folder of [".", ...(ALSO_INSTALLED.get(step) ?? [])]) {
    const installed = await installWhenNeeded(join(root, folder));
    if (installed !== 0) return installed;
  }

  const script = join(root, "scripts", `${step}.mjs`);
  if (isNewEnough(process.versions.node)) {
    process.argv = [process.execPath, script, ...parameters];
    await import(pathToFileURL(script).href);
    return undefined;
  }
  const node = findNode(root);
  if (node === undefined) {
    console.error(`Telltale needs Node ${NEEDED_NODE} or newer, and this is ${process.version}.`);
    console.error("On Linux the repository brings its own; here, install one from https://nodejs.org and try again.");
    return 1;
  }
  return runForeground(node, [script, ...parameters]);
}

const code = await bootstrap(process.argv[2], process.argv.slice(3));
if (code !== undefined) process.exitCode = code;
