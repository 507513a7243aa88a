import { Telltale } from "@telltale/sdk";
import { OpenAI } from "openai";
import { openDesk, type SupportDesk } from "./desk/support-desk.ts";
import { VISITS } from "./desk/visits.ts";
import { startModelServer } from "./model-server/start-model-server.ts";
import { chooseModels, SCRIPTED_MODELS } from "./models.ts";

/** How the demo runs. */
export interface DemoOptions {
  /** Where spans are sent: `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  /** How much faster than life the scripted model is. Default 1: the demo takes about 15 s. */
  readonly speed?: number;
  /** Told what happens, line by line. */
  readonly log: (line: string) => void;
}

/** What the demo did. */
export interface DemoSummary {
  /** Letters that were answered. */
  readonly runs: number;
  readonly traces: readonly { readonly name: string; readonly traceId: string }[];
}

/** A server that is away should not hold the demo up for longer than this at its end. */
const FLUSH_TIMEOUT_MS = 5000;

/**
 * Runs a small customer-support desk of agents: a real program on the openai client, watched by
 * the SDK. Talks to `OPENAI_BASE_URL` / `OPENAI_API_KEY` when one of them is set, else to a scripted
 * model server that it starts on loopback. Everything is sent when it resolves.
 */
export async function runDemo({ endpoint, speed = 1, log }: DemoOptions): Promise<DemoSummary> {
  Telltale.initialize({ appName: "halcyon-support-desk", endpoint, environment: "demo" });
  const isReal = (process.env["OPENAI_BASE_URL"] ?? process.env["OPENAI_API_KEY"] ?? "") !== "";
  const server = isReal ? undefined : await startModelServer({ speed });
  try {
    const client = new OpenAI({
      ...(server === undefined ? {} : { baseURL: server.baseUrl }),
      // Servers on one's own machine ask for no key, but the client wants one.
      apiKey: isReal ? process.env["OPENAI_API_KEY"] || "none" : "scripted",
      maxRetries: 2,
    });
    const models = server === undefined ? await chooseModels(client, process.env) : SCRIPTED_MODELS;
    log(
      server === undefined
        ? `Asking ${models.agents} at ${client.baseURL}.`
        : "Asking a scripted model on this machine.",
    );
    return await runVisits(client, models, log);
  } finally {
    await Telltale.flush(FLUSH_TIMEOUT_MS);
    const counts = Telltale.exportCounts();
    if (counts !== undefined && counts.sent === 0) log(`Nobody takes spans at ${endpoint}: is Telltale running there?`);
    await Telltale.shutdown(FLUSH_TIMEOUT_MS);
    await server?.stop();
  }
}

async function runVisits(
  client: OpenAI,
  models: typeof SCRIPTED_MODELS,
  log: (line: string) => void,
): Promise<DemoSummary> {
  const desk = await openDesk(client, models, log);
  const traces = [{ name: "index_help_pages", traceId: desk.indexTraceId }];
  log("The help pages are indexed.");
  let runs = 0;
  for (const [index, visit] of VISITS.entries()) {
    log(`${index + 1}/${VISITS.length} ${visit.customer}: ${visit.shows}`);
    const traceId = await answerOne(desk, visit, log);
    if (traceId === undefined) continue;
    traces.push({ name: "support_request", traceId });
    runs++;
  }
  return { runs, traces };
}

async function answerOne(
  desk: SupportDesk,
  visit: (typeof VISITS)[number],
  log: (line: string) => void,
): Promise<string | undefined> {
  try {
    const { traceId, end } = await desk.answer(visit);
    log(`    ${end}`);
    return traceId;
  } catch (error) {
    // One letter that fails is what the demo is about; the next customer is waiting.
    log(`    failed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
