import { askServer } from "../ask-server.ts";
import { CommandError } from "../command.ts";
import { isLoopback } from "../serve/is-loopback.ts";
import { portOwner } from "../serve/port-owner.ts";
import type { CheckResult } from "./check-result.ts";
import { checkTraffic } from "./check-traffic.ts";
import { readPrometheus, type Sample, sumOf } from "./read-prometheus.ts";

/** A healthy server answers its metrics in milliseconds. */
const PATIENCE_MS = 5000;

/** Whether a Telltale listens, whether its engine answers, and what has reached it. */
export async function checkServer(server: URL): Promise<CheckResult[]> {
  const page = await metricsPage(server);
  if (page === undefined) return [await nobodyThere(server)];
  const samples = readPrometheus(page);
  if (sumOf(samples, "telltale_engine_ready") === undefined) return [await somebodyElse(server)];
  const listening: CheckResult = { status: "ok", subject: "server", text: `listens on ${server.origin}` };
  const traffic = checkTraffic(samples, server.origin);
  const isSilent = traffic.some((result) => result.status === "hint");
  return [listening, ...(await engine(server, samples)), ...traffic, ...(isSilent ? reach(server) : [])];
}

async function metricsPage(server: URL): Promise<string | undefined> {
  try {
    const response = await fetch(new URL("/metrics", server), { signal: AbortSignal.timeout(PATIENCE_MS) });
    return await response.text();
  } catch {
    return undefined;
  }
}

/** Who holds the port, as far as the system tells. */
async function owner(server: URL): Promise<string> {
  const found = isLoopback(server.hostname) ? await portOwner(Number(server.port || 80)) : undefined;
  return found ? ` (process ${found.processId}: ${found.command.slice(0, 100)})` : "";
}

async function nobodyThere(server: URL): Promise<CheckResult> {
  const who = await owner(server);
  return {
    status: "problem",
    subject: "server",
    text: who ? `${server.origin} is taken and does not answer${who}` : `nobody listens on ${server.origin}`,
    advice: who
      ? "Stop that process, or take another port: telltale serve --port PORT"
      : "Start it: telltale serve. If it listens elsewhere, say where: telltale doctor --url URL",
  };
}

async function somebodyElse(server: URL): Promise<CheckResult> {
  return {
    status: "problem",
    subject: "server",
    text: `something else than Telltale answers on ${server.origin}${await owner(server)}`,
    advice:
      "4318 is the port of every OpenTelemetry collector. Stop it, or take another one: telltale serve --port PORT",
  };
}

function reach(server: URL): CheckResult[] {
  if (!isLoopback(server.hostname)) return [];
  return [
    {
      status: "hint",
      subject: "reach",
      text: "it can be reached from this machine only: not from a container, a virtual machine or another computer",
      advice:
        "Run the program on this machine (docker run --network host), or use a tunnel: " +
        `ssh -R ${server.port || 80}:127.0.0.1:${server.port || 80} that-machine`,
    },
  ];
}

async function engine(server: URL, samples: readonly Sample[]): Promise<CheckResult[]> {
  const restarts = sumOf(samples, "telltale_engine_restarts_total") ?? 0;
  const results: CheckResult[] = [];
  if (restarts > 0)
    results.push({
      status: "hint",
      subject: "engine",
      text: `the engine process was started again ${restarts} times; nothing acknowledged is lost by that`,
      advice: "The server's log says why it ended; memory is the usual reason.",
    });
  const started = performance.now();
  try {
    await askServer(server, "/api/v1/query", { sql: "SELECT count() FROM spans WHERE start_time > now() - 3600" });
    const text = `answers in ${Math.round(performance.now() - started)} ms`;
    return [{ status: "ok", subject: "engine", text }, ...results];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const advice = error.hint ?? "The server's log says why.";
    return [{ status: "problem", subject: "engine", text: `does not answer: ${error.message}`, advice }, ...results];
  }
}
