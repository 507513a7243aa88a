import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ServerProcess } from "../benchmarks/server/server-process.ts";
import type { RelatedTraces, TraceSkeleton } from "../packages/server/src/api-types.ts";
import { readRecording } from "../packages/server/src/testing/read-recording.ts";
import { eventually, send, type TestSpan, tracesJson } from "./otlp-json.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";
import { removeServer, startServer } from "./started-server.ts";
import { usePage } from "./use-page.ts";

/* Runs that their senders split into several traces: on a real server, as they were recorded, and on its pages. */

/** What becomes of each recording in several traces, asked of the trace with most spans. */
const RECORDINGS: { readonly [name: string]: { readonly joined: number; readonly probably: number } } = {
  // OpenInference tells each call twice: in LangChain's trace, and in a trace of its own by the OpenAI client's library.
  "openinference/lc-agent": { joined: 2, probably: 0 },
  "openinference/lc-chain": { joined: 1, probably: 0 },
  // Calls for embeddings have no id: two more traces are not known to belong.
  "openinference/lc-rag": { joined: 1, probably: 0 },
  "openinference/lc-stuck": { joined: 8, probably: 0 },
  "openinference/lc-tool-error": { joined: 2, probably: 0 },
  // A stream's id is told by one of the two only.
  "openinference/lc-stream": { joined: 0, probably: 0 },
  // OpenLLMetry makes a trace of each runnable, and no id is in any of them.
  "traceloop/lc-agent": { joined: 0, probably: 9 },
  "traceloop/lc-structured": { joined: 0, probably: 3 },
  // The server of MCP was given no trace context.
  "mcp-traceloop/call": { joined: 0, probably: 0 },
};

let server: ServerProcess;
const tab = usePage({
  async start() {
    server = await startServer();
    for (const name of Object.keys(RECORDINGS)) await sendRecording(name);
    await send(server.url, "traces", tracesJson(own));
    await eventually(
      () => server.query("SELECT count() FROM spans"),
      ([row]) => Number(row?.[0]) >= wanted(),
    );
    return server.url;
  },
  stop: () => removeServer(server),
});

async function sendRecording(name: string): Promise<void> {
  for (const { path, headers, body } of readRecording(name).requests) {
    const sent: { [header: string]: string } = { "x-telltale-project": name };
    for (const header of ["content-type", "content-encoding"]) if (headers[header]) sent[header] = headers[header];
    const response = await fetch(server.url + path, { method: "POST", headers: sent, body: new Uint8Array(body) });
    if (!response.ok) throw new Error(`${name} ${path}: ${response.status} ${await response.text()}`);
  }
}

function wanted(): number {
  const recorded = Object.keys(RECORDINGS).flatMap((name) =>
    readRecording(name).spans.map((span) => `${name} ${span.traceId} ${span.spanId}`),
  );
  return new Set(recorded).size + own.length;
}

async function ask<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function largestTrace(name: string): Promise<string> {
  const sql = `SELECT trace_id FROM traces WHERE project = '${name}' ORDER BY span_count DESC, start_time LIMIT 1`;
  return String((await server.query(sql))[0]?.[0]);
}

const hex = (name: string, digits: number): string => createHash("sha256").update(name).digest("hex").slice(0, digits);
const told = (trace: string, id: string, rest: Partial<TestSpan>): TestSpan => ({
  traceId: hex(trace, 32),
  spanId: hex(`${trace} ${id}`, 16),
  name: id,
  ...rest,
});
const gpt = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.system": "openai" };
const call = { ...gpt, "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100 };

/** A run that puts a message into a queue; what takes it out links to it, in a trace of its own. */
const job = [
  told("job", "plan the trip", { start: 0, end: 9000 }),
  ...Array.from({ length: 60 }, (_, step) =>
    told("job", `step ${step}`, { parentSpanId: hex("job plan the trip", 16), start: 100 + step, end: 200 + step }),
  ),
  ...Array.from({ length: 40 }, (_, step) =>
    told("job", `later ${step}`, { parentSpanId: hex("job plan the trip", 16), start: 5000 + step, end: 5200 + step }),
  ),
  told("job", "enqueue", { parentSpanId: hex("job plan the trip", 16), start: 1000, end: 1010, attributes: call }),
];
const worker = [
  told("worker", "take from the queue", {
    start: 2000,
    end: 4000,
    links: [{ traceId: hex("job", 32), spanId: hex("job enqueue", 16) }],
  }),
  told("worker", "answer", {
    parentSpanId: hex("worker take from the queue", 16),
    start: 2100,
    end: 3900,
    attributes: call,
  }),
];
/** Another service, whose parent is named by its id in a trace that has another. */
const batch = [
  told("batch", "look up fares", { parentSpanId: hex("worker answer", 16), start: 2200, end: 2900, attributes: call }),
];

/** A talk of many calls, that some calls of another trace came before. */
const asker = [
  told("asker", "ask", { start: 10_000, end: 30_000 }),
  ...Array.from({ length: 6 }, (_, turn) =>
    told("asker", `before ${turn}`, {
      parentSpanId: hex("asker ask", 16),
      start: 10_100 + turn,
      end: 10_200 + turn,
      attributes: { ...call, "gen_ai.request.model": "before" },
    }),
  ),
];
const talk = [
  told("talk", "talk", {
    start: 11_000,
    end: 29_000,
    links: [{ traceId: hex("asker", 32), spanId: hex("asker ask", 16) }],
  }),
  ...Array.from({ length: 30 }, (_, turn) =>
    told("talk", `turn ${turn}`, {
      parentSpanId: hex("talk talk", 16),
      start: 11_100 + turn,
      end: 11_200 + turn,
      attributes: { ...call, "gen_ai.request.model": `turn-${turn}-` },
    }),
  ),
];

const own = [...job, ...worker, ...batch, ...asker, ...talk];

describe("on the API", () => {
  it.each(Object.entries(RECORDINGS))(
    "%s is joined where ids tell it, and said where time alone does",
    async (name, known) => {
      const traceId = await largestTrace(name);
      const trace = await ask<TraceSkeleton>(`/traces/${traceId}?join=tied&project=${encodeURIComponent(name)}`);
      const { related, together } = await ask<RelatedTraces>(
        `/traces/${traceId}/related?project=${encodeURIComponent(name)}`,
      );
      expect(trace.joined?.hung.length ?? 0).toBe(known.joined);
      expect(related.filter(({ ties }) => ties.includes("time")).length).toBe(known.probably);
      if (trace.joined === null) return;
      // What hangs is a whole trace each, and nothing is at the top that was not before.
      expect(new Set(trace.joined.hung.map(({ span }) => trace.joined?.trace[span])).size).toBe(known.joined);
      expect(trace.joined.hung.every(({ span }) => trace.parent[span]! >= 0)).toBe(true);
      const alone = await ask<TraceSkeleton>(`/traces/${traceId}?project=${encodeURIComponent(name)}`);
      const tops = (one: TraceSkeleton): number => one.parent.filter((parent) => parent < 0).length;
      expect(tops(trace)).toBe(tops(alone));
      // A call told twice is billed once: the sum is what the spans that are billed cost.
      const [[calls, cost]] = (await server.query(
        `SELECT toInt32(countIf(billed)), toString(sumIf(toDecimal64(cost_usd, 9), billed)) FROM spans
       WHERE project = '${name}' AND trace_id IN (${trace.joined.traces.map((one) => `'${one.traceId}'`).join(", ")})`,
      )) as [[number, string]];
      expect(trace.joined.together.llmCalls).toBe(calls);
      expect(Number(trace.joined.together.costNanos) / 1e9).toBeCloseTo(Number(cost), 9);
      expect(trace.joined.together).toEqual(together);
    },
  );

  it("a queue's two ends and a parent in another trace are one tree from any of the three", async () => {
    for (const name of ["job", "worker", "batch"]) {
      const { parent, spanId, joined } = await ask<TraceSkeleton>(`/traces/${hex(name, 32)}?join=tied`);
      const above = (id: string): string | undefined => spanId[parent[spanId.indexOf(id)] ?? -1];
      expect(above(hex("worker take from the queue", 16))).toBe(hex("job enqueue", 16));
      expect(above(hex("batch look up fares", 16))).toBe(hex("worker answer", 16));
      expect(parent.filter((one) => one < 0)).toHaveLength(1);
      expect(joined?.together).toMatchObject({ traces: 3, llmCalls: 3, inputTokens: 3000 });
    }
  });

  it("OTLP out is one trace, and a payload is asked for under its own", async () => {
    const otlp = await ask<{ resourceSpans: unknown[] }>(`/traces/${hex("worker", 32)}/otlp`);
    expect(JSON.stringify(otlp)).not.toContain(hex("job", 32) + '","spanId":"' + hex("job enqueue", 16) + '","parent');
    const wrong = await fetch(`${server.url}/api/v1/traces/${hex("job", 32)}/spans/${hex("worker answer", 16)}`);
    expect(wrong.status).toBe(404);
  });
});

const joinedButton = () => tab.page.getByRole("button", { name: /traces joined$/ });

describe("on the page", () => {
  it.each(["light", "dark"] as const)(
    "a run is one tree, marked where another trace begins, in %s colours",
    async (theme) => {
      await tab.open(`/trace/${await largestTrace("openinference/lc-agent")}?view=waterfall`, { theme });
      await joinedButton().waitFor();
      await tab.page
        .getByRole("link", { name: /^trace / })
        .first()
        .waitFor();
      const marks = await tab.page.getByRole("link", { name: /^trace / }).count();
      expect(marks).toBe(2);
      expect(
        await tab.page
          .getByRole("row", { name: /OpenAI Chat Completions/ })
          .first()
          .getAttribute("aria-level"),
      ).toBe("4");
      expect(await tab.page.locator("header dl").innerText()).toMatch(/Spans\s+12/);
      await expectAccessible(tab.page);
      await expectNoSidewaysScroll(tab.page);
      if (process.env["SHOTS"]) await tab.page.screenshot({ path: `${process.env["SHOTS"]}/agent-${theme}.png` });
      await tab.page.getByText("OpenAI Chat Completions").first().click();
      await tab.page.getByRole("tab", { name: "Messages" }).waitFor();
      await expectAccessible(tab.page);
      if (process.env["SHOTS"]) await tab.page.screenshot({ path: `${process.env["SHOTS"]}/agent-span-${theme}.png` });
      expect(tab.errors).toEqual([]);
    },
  );

  it("the trace alone is one click away, and the address keeps the choice and the span of another trace", async () => {
    await tab.open(`/trace/${hex("job", 32)}?view=waterfall`);
    await joinedButton().waitFor();
    await tab.page.keyboard.press("/");
    await tab.page.keyboard.type("look up fares");
    await tab.page.keyboard.press("Enter");
    await tab.page.waitForURL(
      (url) => url.searchParams.get("span") === `${hex("batch", 32)}:${hex("batch look up fares", 16)}`,
    );
    const link = tab.page.url();
    expect(await tab.page.locator("header dl").first().innerText()).toMatch(/Calls\s+3/);
    await tab.page.getByRole("button", { name: "This trace alone" }).click();
    await tab.page.waitForURL(/alone=yes/);
    await expect.poll(() => tab.page.locator("header dl").first().innerText()).toMatch(/Calls\s+1/);
    await tab.page.reload();
    await tab.page.getByRole("button", { name: "This trace alone", pressed: true }).waitFor();
    expect(await tab.page.getByRole("row", { name: /look up fares/ }).count()).toBe(0);
    await tab.page.goto(link);
    const row = tab.page.getByRole("row", { selected: true });
    await row.waitFor();
    expect(await row.innerText()).toContain("look up fares");
    expect(await tab.page.getByRole("link", { name: hex("batch", 32) }).getAttribute("href")).toContain(
      hex("batch", 32),
    );
    await tab.page.getByRole("tab").first().waitFor();
    expect(tab.errors).toEqual([]);
  });

  /** Opens a page that is not told what belongs with it until the function that comes back is called. */
  async function openHeld(path: string): Promise<() => void> {
    const held = Promise.withResolvers<void>();
    await tab.open(path, {
      before: (page) =>
        page.route("**/related*", async (route) => {
          await held.promise;
          await route.continue();
        }),
    });
    return held.resolve;
  }

  it("the reader keeps what was read where it stands when calls come above it", async () => {
    const release = await openHeld(`/trace/${hex("talk", 32)}?view=reader`);
    const list = tab.page.getByRole("group", { name: "Conversation" });
    const turn = tab.page.getByRole("button", { name: /turn-20-/ });
    await tab.page.getByRole("button", { name: /turn-3-/ }).waitFor();
    await list.evaluate((box) => box.scrollTo({ top: 1000 }));
    await turn.waitFor();
    const heights = (): Promise<string> => list.evaluate((box) => String(box.scrollHeight));
    // Until the calls in sight are loaded and measured.
    const isSettled = async (): Promise<boolean> =>
      (await heights()) === (await tab.page.waitForTimeout(1000).then(heights));
    await expect.poll(isSettled, { timeout: 20_000 }).toBe(true);
    const before = await turn.boundingBox();
    release();
    await joinedButton().waitFor();
    await expect.poll(() => tab.page.locator("header dl").first().innerText()).toMatch(/Calls\s+36/);
    await expect.poll(async () => Math.abs(((await turn.boundingBox())?.y ?? 0) - (before?.y ?? 0)) < 3).toBe(true);
    expect(tab.errors).toEqual([]);
  });

  it("is there before what is tied to it, and keeps scroll, selection, folds and focus when that comes", async () => {
    const release = await openHeld(`/trace/${hex("worker", 32)}?view=waterfall`);
    const row = tab.page.getByRole("row", { name: /take from the queue/ });
    await row.click();
    await tab.page.getByRole("treegrid").focus();
    await tab.page.keyboard.press("ArrowLeft");
    await expect.poll(() => tab.page.getByRole("treegrid").getAttribute("aria-rowcount")).toBe("2");
    const before = await row.boundingBox();
    release();
    await joinedButton().waitFor();
    // 62 spans of the job stand above it now, and 40 below; what is its own stays folded.
    await expect.poll(() => tab.page.getByRole("treegrid").getAttribute("aria-rowcount")).toBe(String(62 + 1 + 40 + 1));
    expect((await row.boundingBox())?.y).toBeCloseTo(before?.y ?? -1, 0);
    expect(await row.getAttribute("aria-selected")).toBe("true");
    expect(await row.getAttribute("aria-expanded")).toBe("false");
    expect(await tab.page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("treegrid");
    expect(tab.errors).toEqual([]);
  });

  it("where only time speaks for it says so, and joins nothing", async () => {
    await tab.open(`/trace/${await largestTrace("traceloop/lc-agent")}?view=waterfall`);
    await tab.page.getByText("Probably with").waitFor();
    expect(await joinedButton().count()).toBe(0);
    await tab.page.getByTitle("Traces of the same run").click();
    await tab.page.getByText("no id says it").first().waitFor();
    await expectAccessible(tab.page);
  });

  it.each(["reader", "log"])("the %s marks other traces too", async (view) => {
    const isReader = view === "reader";
    const traceId = isReader ? hex("job", 32) : await largestTrace("openinference/lc-agent");
    await tab.open(`/trace/${traceId}?view=${view}`, { width: 800 });
    await joinedButton().waitFor();
    const mark = isReader ? `trace ${hex("batch", 8)}` : /^trace [0-9a-f]{8}$/;
    await tab.page.getByText(mark).first().waitFor();
    expect(await tab.page.getByText(/^trace [0-9a-f]{8}$/).count()).toBe(2);
    await expectAccessible(tab.page);
    await expectNoSidewaysScroll(tab.page);
    if (process.env["SHOTS"]) await tab.page.screenshot({ path: `${process.env["SHOTS"]}/${view}.png` });
    expect(tab.errors).toEqual([]);
  });
});
