import { debug, messageOf } from "../diagnostics.ts";
import type { Hook } from "../hook.ts";

/** Installs every hook; one that throws is left out. Answers with what undoes them all, last first. */
export function installHooks(hooks: readonly Hook[]): () => void {
  const undo: (() => void)[] = [];
  for (const { name, install } of hooks) {
    try {
      undo.unshift(harmless(name, install()));
    } catch (error) {
      debug(`The hook ${name} could not be installed: ${messageOf(error)}`);
    }
  }
  return () => {
    for (const step of undo) step();
  };
}

/** The same function, for a framework to call: what it throws is told to who debugs, and nobody else. */
export function harmless<Values extends readonly unknown[], T>(
  name: string,
  work: (...values: Values) => T,
): (...values: Values) => T | undefined {
  return (...values) => {
    try {
      return work(...values);
    } catch (error) {
      debug(`The hook ${name} missed something: ${messageOf(error)}`);
      return undefined;
    }
  };
}
