import { runForeground } from "./setup/run-foreground.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<number>} run answers with an exit code
 * @property {string} hint what to do when it fails
 */

/** @param {number} milliseconds */
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * A step that runs scripts with this Node, one after the other, until one fails.
 *
 * @param {{ name: string, commands: string[][], hint: string }} check
 * @returns {Step}
 */
export function stepOf({ name, commands, hint }) {
  return {
    name,
    hint,
    run: async () => {
      for (const command of commands) {
        const code = await runForeground(process.execPath, command);
        if (code !== 0) return code;
      }
      return 0;
    },
  };
}

/**
 * Runs steps in order, stops at the first that fails, and tells how long each took.
 *
 * @param {Step[]} steps
 * @returns {Promise<Step | undefined>} the step that failed
 */
export async function runSteps(steps) {
  /** @type {string[]} */
  const summary = [];
  for (const [index, step] of steps.entries()) {
    console.log(`\n── ${step.name} (${index + 1} of ${steps.length})`);
    const started = performance.now();
    const code = await step.run();
    const took = seconds(performance.now() - started);
    summary.push(`  ${code === 0 ? "ok    " : "FAILED"} ${step.name.padEnd(12)} ${took.padStart(9)}`);
    if (code !== 0) {
      console.log(`\n${summary.join("\n")}\n\n${step.name} failed. ${step.hint}`);
      return step;
    }
  }
  console.log(`\n${summary.join("\n")}`);
  return undefined;
}
