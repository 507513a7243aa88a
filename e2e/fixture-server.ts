import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { parseFilter } from "../packages/model/src/index.ts";
import type {
  ApiError,
  BudgetForm,
  BudgetReport,
  Catalogue,
  CostEstimate,
  CostExplanation,
  Facets,
  QueryAnswer,
  RelatedTraces,
  SpanDetail,
  Spend,
  TraceList,
  TraceSkeleton,
  TraceSummary,
} from "../packages/server/src/api-types.ts";
import { totalsOf } from "../packages/server/src/query/run-totals.ts";
import type { TraceFixture } from "../packages/web/src/fixture/trace-fixture.ts";
import { facetsFixture, spendFixture } from "../packages/web/src/fixture/trace-list-fixture.ts";

/** What the server has. Tests may change it while it runs. */
export interface FixtureData {
  traces: TraceSummary[];
  /** Traces that can be opened, by id. */
  opened: Map<string, TraceFixture>;
  /** Skeletons that have no fixture behind them, by id. */
  skeletons: Map<string, TraceSkeleton>;
  answer?: QueryAnswer;
  related?: RelatedTraces;
  cost?: CostExplanation;
  estimate?: CostEstimate;
  catalogue?: Catalogue;
  /** One's own prices, as they were put; `refusal` is answered in place of taking any. */
  ownPrices?: unknown;
  refusal?: ApiError;
  budgets?: BudgetReport;
}

type Answer =
  | TraceList
  | BudgetReport
  | CostEstimate
  | CostExplanation
  | Catalogue
  | { file: unknown; problems: [] }
  | TraceSkeleton
  | SpanDetail
  | Facets
  | Spend
  | QueryAnswer
  | RelatedTraces
  | ApiError;

const UNRELATED: RelatedTraces = { related: [], together: totalsOf([]), more: false, splitBy: null };

const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript"],
  [".css", "text/css"],
  [".svg", "image/svg+xml"],
]);

/** As strict as the real server's: what the pages may not do there fails here. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGES = join(import.meta.dirname, "../packages/web/dist");

/** Serves the built pages and answers the API with fixtures, for tests of what the pages do with given answers. */
export class FixtureServer {
  readonly data: FixtureData;
  /** Requests that came, `GET /api/v1/traces?…`. */
  readonly requests: string[] = [];
  /** Budgets that were put. */
  readonly putBudgets: BudgetForm[] = [];
  /** Bodies that were posted to the receiver. */
  readonly received: unknown[] = [];
  private readonly server: Server;
  private readonly live = new Set<ServerResponse>();
  private sent = 0;

  constructor(data: Partial<FixtureData> = {}) {
    this.data = { traces: [], opened: new Map(), skeletons: new Map(), ...data };
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const response of this.live) response.end();
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  /** Tells every open page of a trace. */
  push(trace: TraceSummary): void {
    for (const response of this.live)
      response.write(`event: trace\nid: ${++this.sent}\ndata: ${JSON.stringify({ trace })}\n\n`);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://test");
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    response.setHeader("content-security-policy", POLICY);
    if (url.pathname === "/api/v1/live") return this.openLive(response);
    if (url.pathname === "/v1/traces") return this.receive(request, response);
    if (url.pathname === "/api/v1/budgets") return this.budgets(request, response);
    if (url.pathname === "/api/v1/prices") return this.prices(request, response);
    if (!url.pathname.startsWith("/api/")) return sendFile(url.pathname, response);
    const [status, answer] = this.answer(url);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }

  private answer(url: URL): [number, Answer] {
    const [, , , collection, traceId = "", part, spanId] = url.pathname.split("/");
    const filter = parseFilter(url.searchParams.get("filter") ?? "");
    if ("error" in filter) return [400, { error: { code: "bad-filter", ...filter.error } }];
    if (collection === "facets") return [200, facetsFixture(this.selected(url))];
    if (collection === "spend") {
      const interval = url.searchParams.get("interval") === "hour" ? "hour" : "day";
      return [200, spendFixture(interval, interval === "hour" ? 24 : 14, Date.now())];
    }
    if (collection === "budgets") return [200, this.data.budgets ?? { budgets: [], problems: [] }];
    if (collection === "cost" && traceId === "estimate" && this.data.estimate) return [200, this.data.estimate];
    if (collection === "cost" && this.data.cost) return [200, this.data.cost];
    if (collection === "prices" && this.data.catalogue) return [200, this.data.catalogue];
    if (collection === "query")
      return [200, this.data.answer ?? { columns: [], types: [], rows: [], truncated: false, elapsedMs: 1 }];
    if (traceId === "") return [200, this.list(url)];
    const found = this.data.opened.get(traceId);
    const skeleton = found?.skeleton ?? this.data.skeletons.get(traceId);
    if (part === "related") return [200, this.data.related ?? UNRELATED];
    const span = found?.spans.find((one) => one.spanId === spanId);
    if (spanId !== undefined && span !== undefined) return [200, span];
    if (spanId === undefined && skeleton !== undefined) return [200, skeleton];
    return [
      404,
      {
        error: {
          code: "not-found",
          message: "There is no such trace",
          hint: "It may have been deleted by the retention, or not arrived yet.",
        },
      },
    ];
  }

  /** Knows only `status:` of the filter language: the real language is tested where it is translated. */
  private selected(url: URL): TraceSummary[] {
    const status = /status:(\w+)/.exec(url.searchParams.get("filter") ?? "")?.[1];
    const from = Number(url.searchParams.get("from") ?? 0);
    return this.data.traces.filter(
      (trace) => (status === undefined || trace.status === status) && trace.startTime >= from,
    );
  }

  private list(url: URL): TraceList {
    const key = url.searchParams.get("sort") ?? "startTime";
    const sign = url.searchParams.get("order") === "asc" ? 1 : -1;
    const value = (trace: TraceSummary): number => Number(trace[key as keyof TraceSummary] ?? -1);
    const sorted = this.selected(url).toSorted((left, right) => sign * (value(left) - value(right)));
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const to = from + Number(url.searchParams.get("limit") ?? 50);
    return { traces: sorted.slice(from, to), nextCursor: to < sorted.length ? String(to) : null };
  }

  private async budgets(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isRefused = request.method === "PUT" && this.data.refusal !== undefined;
    if (request.method === "PUT" && !isRefused) this.putBudgets.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(isRefused ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(isRefused ? this.data.refusal : { budgets: [], problems: [] }));
  }

  private async prices(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isRefused = request.method === "PUT" && this.data.refusal !== undefined;
    if (request.method === "PUT" && !isRefused) this.data.ownPrices = JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(isRefused ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(isRefused ? this.data.refusal : { file: this.data.ownPrices ?? null, problems: [] }));
  }

  private openLive(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": here\n\n");
    this.live.add(response);
    response.on("close", () => this.live.delete(response));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.received.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  }
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const name = extname(path) === "" ? "index.html" : normalize(path).replace(/^[/\\]+/, "");
  const bytes = await readFile(join(PAGES, name)).catch(() => undefined);
  if (bytes === undefined) response.writeHead(404).end();
  else response.writeHead(200, { "content-type": TYPES.get(extname(name)) ?? "application/octet-stream" }).end(bytes);
}
