import { spawn } from "node:child_process";
import { join } from "node:path";
import type { CallCost, CallPlan } from "./call-program.ts";

/** Longer than the slowest run takes on a busy machine. */
const PATIENCE_MS = 60_000;

/** Variables of the environment that steer one SDK or another, or the client. */
const STEERING = /^(?:OTEL|TELLTALE|TRACELOOP|LANGSMITH|LANGCHAIN|LANGFUSE|OPENAI)_|_proxy$/i;

/** Runs the program in a process of its own. Throws when it ends without a result. */
export function runCalls(plan: CallPlan): Promise<CallCost> {
  const program = join(import.meta.dirname, "call-program.ts");
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !STEERING.test(name)));
  const child = spawn(process.execPath, [program, JSON.stringify(plan)], {
    env,
    cwd: plan.clientFolder,
    timeout: PATIENCE_MS,
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
      const last = output.slice(output.lastIndexOf('{"median"'));
      if (code === 0 && last.startsWith("{")) resolve(JSON.parse(last) as CallCost);
      else reject(new Error(`ended with ${signal ?? code}: ${complaints.slice(-2000)}${output.slice(-500)}`));
    });
  });
}
