/*
 * Begins to watch a program before its first line: `node --import @telltale/sdk/register app.js`, the same in
 * NODE_OPTIONS, or `--require` in its place. Options come from the environment, or later from
 * `initialize(options)` in the program.
 */
import { initializeFromEnvironment } from "./initialize.ts";

initializeFromEnvironment();
