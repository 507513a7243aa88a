import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { BUDGET_FILE, BudgetFile } from "./budget/budget-file.ts";
import { BudgetMetrics } from "./budget/budget-metrics.ts";
import { makeDirectory } from "./disk/make-directory.ts";
import type { EngineOptions } from "./engine/protocol.ts";
import { EngineHandle } from "./front/engine-handle.ts";
import { lockDirectory } from "./front/lock-directory.ts";
import { StoredPosition } from "./front/stored-position.ts";
import { serverMetrics } from "./front/server-metrics.ts";
import { createApi } from "./http/create-api.ts";
import { LiveFeed } from "./http/live-feed.ts";
import { type JournalWriter, openJournal } from "./journal/open-journal.ts";
import { PRICE_FILE, PriceFile } from "./price/price-file.ts";
import { answerOrigin } from "./receive/allowed-origins.ts";
import type { ReceiverPort } from "./receiver.ts";
import { receivers } from "./receivers/index.ts";

/** How a server is started. */
export interface ServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Ports of the receivers that need one of their own, by name: `{ "otlp-grpc": 4317 }`; 0 takes any free one. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Everything the server keeps: journal, store, checkpoint. Made when it does not exist. */
  readonly dataDirectory: string;
  /** The file of one's own prices; `telltale.prices.json` in the data directory when absent. */
  readonly priceFile?: string;
  /** Where pages come from that may send telemetry, as browsers write it: `https://app.example`; `*` for any. */
  readonly allowOrigins?: readonly string[];
  /** Built web pages; without it only the API is served. */
  readonly webDirectory?: string;
  /** A ClickHouse server instead of the embedded engine. */
  readonly clickhouseUrl?: string;
  /** Count the tokens of calls where nobody told them; marked, and in no total. Off when absent. */
  readonly estimates?: boolean;
  readonly version?: string;
  /** Told what an operator should know, a line at a time. */
  readonly log?: (line: string) => void;
}

/** A server that listens. */
export interface RunningServer {
  /** Where it is to be found: `http://127.0.0.1:4318`. */
  readonly url: string;
  /** Where the receivers with a port of their own listen; without those whose port could not be had. */
  readonly ports: ReadonlyMap<string, number>;
  /** Resolves when questions are answered too; telemetry is taken from the start. */
  whenReady(): Promise<void>;
  /** Stops taking requests, stores what was taken, and ends. */
  close(): Promise<void>;
}

/** Connections still open after this long are cut, so that a stop takes less than ten seconds. */
const DRAIN_MS = 2000;
/** Headers and bodies that trickle in are given up (slowloris). */
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Above the 60 s of most clients and balancers, so that they close first. */
const KEEP_ALIVE_MS = 75_000;

const httpReceivers = receivers.filter((receiver) => "owns" in receiver);
const portReceivers = receivers.filter((receiver) => "listen" in receiver);

/** Sends each request to the receiver that owns its path, and every other to the API and the pages. */
function requestHandler(
  options: ServerOptions,
  parts: {
    readonly engine: EngineHandle;
    readonly journal: JournalWriter;
    readonly live: LiveFeed;
    readonly stored: StoredPosition;
    readonly budgets: BudgetFile;
  },
): (request: IncomingMessage, response: ServerResponse) => void {
  const { engine, journal, live, stored, budgets } = parts;
  const budgetMetrics = new BudgetMetrics(budgets, engine);
  const api = createApi({
    reader: engine,
    live,
    health: { status: () => engine.status(), ready: () => engine.ready },
    metrics: { ...serverMetrics(engine, journal), refresh: () => budgetMetrics.refresh() },
    version: options.version ?? "0.0.0",
    host: options.host,
    priceFile: priceFileOf(options),
    budgets,
    dataDirectory: options.dataDirectory,
    rewrite: { reader: engine, journal, reached: (position, patienceMs) => stored.reached(position, patienceMs) },
    ...(options.log ? { log: options.log } : {}),
    ...(options.webDirectory ? { webDirectory: options.webDirectory } : {}),
  });
  return (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const receiver = httpReceivers.find((candidate) => candidate.owns(path));
    if (!receiver) api(request, response);
    else if (!answerOrigin(request, response, options.allowOrigins ?? []))
      void receiver.handle(request, response, journal, options.dataDirectory, engine);
  };
}

function engineOptionsOf(options: ServerOptions): EngineOptions {
  const { dataDirectory, clickhouseUrl, estimates = false } = options;
  return { dataDirectory, priceFile: priceFileOf(options), estimates, ...(clickhouseUrl ? { clickhouseUrl } : {}) };
}

function priceFileOf(options: ServerOptions): string {
  return options.priceFile ?? join(options.dataDirectory, PRICE_FILE);
}

/** Starts Telltale: listens at once, and answers questions as soon as the engine has opened the store. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const log = options.log ?? (() => undefined);
  makeDirectory(options.dataDirectory);
  const lock = await lockDirectory(options.dataDirectory);
  const budgets = new BudgetFile(join(options.dataDirectory, BUDGET_FILE));
  for (const file of [new PriceFile(priceFileOf(options)), budgets])
    for (const { where, problem } of file.state().problems) log(`${file.path} is not used: ${where}: ${problem}`);
  const live = new LiveFeed();
  const stored = new StoredPosition();
  const engine = new EngineHandle(engineOptionsOf(options), {
    onProgress: (position, safe) => {
      stored.advance(position);
      journal.setReadPosition("engine", safe, position);
    },
    onTraces: (traces) => traces.forEach((trace) => live.push(trace)),
    log,
  });
  const journal = await openJournal({
    directory: join(options.dataDirectory, "journal"),
    onAdvance: (position) => engine.advance(position),
  });
  const handle = requestHandler(options, { engine, journal, live, stored, budgets });
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    handle,
  );
  engine.start();
  try {
    await listen(server, options);
  } catch (error) {
    await engine.stop();
    await journal.close();
    lock.release();
    throw error;
  }
  const openPorts = await listenOnPorts(options, journal, log);
  return {
    url: urlOf(server, options.host),
    ports: new Map([...openPorts].map(([name, { port }]) => [name, port])),
    whenReady: () => engine.whenReady(60_000),
    close: async () => {
      await Promise.all([drain(server), ...[...openPorts.values()].map((port) => port.close(DRAIN_MS))]);
      await journal.close();
      await engine.stop();
      lock.release();
    },
  };
}

async function listen(server: Server, options: ServerOptions): Promise<void> {
  server.listen(options.port, options.host);
  await once(server, "listening");
}

/** Opens the wanted ports. One that cannot be had is told, and takes nothing from the others. */
async function listenOnPorts(
  { host, ports = {} }: ServerOptions,
  journal: JournalWriter,
  log: (line: string) => void,
): Promise<ReadonlyMap<string, ReceiverPort>> {
  const open = new Map<string, ReceiverPort>();
  for (const receiver of portReceivers) {
    const port = ports[receiver.name];
    if (port === undefined) continue;
    try {
      open.set(receiver.name, await receiver.listen({ host, port, log }, journal));
    } catch (error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      const why = isTaken ? "it is already in use by another program" : String(error);
      log(`${receiver.name} does not listen on port ${port} of ${host}: ${why}. Everything else goes on.`);
    }
  }
  return open;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}
