/*
 * Begins to watch a program before its first line: `node --import @telltale/sdk/register app.js`, the same in
 * NODE_OPTIONS, or `--require` in its place. Options come from the environment.
 */
import { initialize } from "./initialize.ts";

initialize();
