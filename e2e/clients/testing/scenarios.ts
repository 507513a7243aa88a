import { inspect } from "node:util";
import { trace } from "./trace.ts";

/** Writes one line of what the program has to show: the same with and without the SDK. */
export type Print = (...values: readonly unknown[]) => void;

/** A piece of a program under test. What it throws is printed. */
export type Scenario = (print: Print) => unknown;

/** Marks the lines of a scenario. */
export const SAID = "@@";

/**
 * Runs the scenarios one after the other, each inside a span of its name. Every line says whose
 * it is; an error is told by its class, its text and what a program would look at.
 */
export async function runScenarios(scenarios: Readonly<Record<string, Scenario>>): Promise<void> {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const print: Print = (...values) => {
      const text = values.map((value) => (typeof value === "string" ? value : shown(value))).join(" ");
      for (const line of text.split("\n")) process.stdout.write(`${SAID}${name}${SAID}${line}\n`);
    };
    try {
      await trace.withSpan(name, () => scenario(print));
    } catch (error) {
      print("thrown:", errorText(error));
    }
  }
  await trace.flush();
}

function shown(value: unknown): string {
  return inspect(value, { depth: 8, maxStringLength: 500, maxArrayLength: 50, breakLength: 110, sorted: true });
}

/** An error as a program sees it, without the stack, whose frames differ from run to run. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return shown(error);
  const told = new Map(Object.entries(error));
  const fields = ["status", "code", "type", "statusCode"].flatMap((name) =>
    ["string", "number"].includes(typeof told.get(name)) ? [`${name}=${String(told.get(name))}`] : [],
  );
  const cause = error.cause === undefined ? "" : ` <- ${errorText(error.cause)}`;
  // Some libraries tell the address, whose port is another in each run.
  const message = error.message.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1");
  return `${error.constructor.name}(${error.name}): ${message} ${fields.join(" ")}`.trimEnd() + cause;
}
