import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const CLI = join(import.meta.dirname, "../../packages/cli");
/** The built program, or its sources for tests that must not depend on a build. */
const ENTRIES = {
  built: [join(CLI, "dist/main.js")],
  source: ["--conditions=development", join(CLI, "src/main.ts")],
};

/** CPU and memory of the processes of one server, read from /proc. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** A real server in processes of its own, as a user starts it. */
export class ServerProcess {
  readonly port: number;
  readonly dataDirectory: string;
  readonly #entry: readonly string[];
  readonly #parameters: readonly string[];
  #child: ChildProcess | undefined;

  /** `parameters` are more of the command line. */
  constructor(
    port: number,
    dataDirectory: string,
    entry: keyof typeof ENTRIES = "built",
    parameters: readonly string[] = [],
  ) {
    this.port = port;
    this.dataDirectory = dataDirectory;
    this.#entry = ENTRIES[entry];
    this.#parameters = parameters;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it; answers the milliseconds until it listened. */
  async start(): Promise<number> {
    const started = performance.now();
    this.#child = spawn(
      process.execPath,
      [
        ...this.#entry,
        "serve",
        "--no-demo",
        "--port",
        String(this.port),
        "--data",
        this.dataDirectory,
        ...this.#parameters,
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    while (!(await this.#answers("/healthz"))) {
      if (this.#child.exitCode !== null) throw new Error(`the server ended with code ${this.#child.exitCode}`);
      await sleep(10);
    }
    return performance.now() - started;
  }

  /** Waits until questions are answered; milliseconds. */
  async whenReady(): Promise<number> {
    const started = performance.now();
    while (!(await this.#answers("/readyz"))) await sleep(10);
    return performance.now() - started;
  }

  async #answers(path: string): Promise<boolean> {
    try {
      return (await fetch(this.url + path)).ok;
    } catch {
      return false;
    }
  }

  get processId(): number {
    return this.#child?.pid ?? 0;
  }

  get engineProcessId(): number {
    const front = this.processId;
    const children = readFileSync(`/proc/${front}/task/${front}/children`, "utf8").trim();
    return Number(children.split(" ")[0] ?? 0);
  }

  /** Kills without warning. */
  kill(which: "front" | "engine"): void {
    const target = which === "front" ? this.processId : this.engineProcessId;
    if (target > 0) process.kill(target, "SIGKILL");
  }

  async ended(): Promise<void> {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null)
      await once(this.#child, "exit");
  }

  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.ended();
  }

  figures(): ProcessFigures {
    const parts = [this.processId, this.engineProcessId].filter((id) => id > 0).map(processFigures);
    return {
      cpuSeconds: parts.reduce((sum, part) => sum + part.cpuSeconds, 0),
      residentBytes: parts.reduce((sum, part) => sum + part.residentBytes, 0),
    };
  }

  /** One of the server's own metrics; 0 while it does not answer. */
  async metric(name: string): Promise<number> {
    try {
      const text = await (await fetch(`${this.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
    } catch {
      return 0;
    }
  }

  /** Runs SQL over the views for people. */
  async query(sql: string): Promise<unknown[][]> {
    const response = await fetch(`${this.url}/api/v1/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ sql }),
    });
    const answer = (await response.json()) as { rows?: unknown[][]; error?: { message: string } };
    if (!answer.rows) throw new Error(answer.error?.message ?? `status ${response.status}`);
    return answer.rows;
  }
}

/** Ticks a second of /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

function processFigures(id: number): ProcessFigures {
  const stat = readFileSync(`/proc/${id}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024,
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
