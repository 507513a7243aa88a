import { spawn } from "node:child_process";

/** What a program left behind. */
export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface RunningProgram {
  readonly pid: number | undefined;
  readonly ended: Promise<ProgramResult>;
  /** Resolves when the program has written this. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program in a Node of its own; nothing of this environment but PATH reaches it. */
export function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): RunningProgram {
  const child = spawn(process.execPath, [...flags, file], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (stderr += piece));
  const ended = new Promise<ProgramResult>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    pid: child.pid,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stdout.includes(text)) resolve();
        };
        look();
        child.stdout.on("data", look);
        child.on("close", () => reject(new Error(`The program ended without saying "${text}": ${stderr}`)));
      }),
    kill: (signal) => void child.kill(signal),
  };
}
