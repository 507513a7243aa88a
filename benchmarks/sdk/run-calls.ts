import { spawn } from "node:child_process";
import { join } from "node:path";
import type { CallCost, CallPlan } from "./call-program.ts";
import type { Growth, GrowthPlan } from "./growth-program.ts";

/** Longer than the slowest run takes on a busy machine. */
const PATIENCE_MS = 60_000;
/** A hundred thousand calls take half a minute on a quiet machine. */
const GROWTH_PATIENCE_MS = 300_000;

/** Variables of the environment that steer one SDK or another, or the client. */
const STEERING = /^(?:OTEL|TELLTALE|TRACELOOP|LANGSMITH|LANGCHAIN|LANGFUSE|OPENAI)_|_proxy$/i;

/** Runs the program in a process of its own. Throws when it ends without a result. */
export async function runCalls(plan: CallPlan): Promise<CallCost> {
  return (await run("call-program.ts", plan, '{"median"', PATIENCE_MS)) as CallCost;
}

/** The same for very many calls. */
export async function runGrowth(plan: GrowthPlan): Promise<Growth> {
  return (await run("growth-program.ts", plan, '{"heap"', GROWTH_PATIENCE_MS)) as Growth;
}

function run(name: string, plan: CallPlan | GrowthPlan, begin: string, timeout: number): Promise<unknown> {
  const program = join(import.meta.dirname, name);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !STEERING.test(name)));
  const child = spawn(process.execPath, ["--expose-gc", program, JSON.stringify(plan)], {
    env,
    cwd: plan.clientFolder,
    timeout,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (complaints += piece.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      // Some peers write to the standard output as well.
      const last = output.slice(output.lastIndexOf(begin));
      if (code === 0 && last.startsWith("{")) resolve(JSON.parse(last));
      else reject(new Error(`ended with ${signal ?? code}: ${complaints.slice(-2000)}${output.slice(-500)}`));
    });
  });
}
