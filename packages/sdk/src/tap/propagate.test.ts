import { createServer, get, type IncomingHttpHeaders, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type InitializeOptions, Telltale } from "../index.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let sink: SpanSink;
let server: Server;
let url = "";
const seen: IncomingHttpHeaders[] = [];

beforeEach(async () => {
  sink = await startSpanSink();
  server = createServer((request, response) => {
    seen.push(request.headers);
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterEach(async () => {
  await Telltale.shutdown();
  await sink.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  seen.splice(0);
});

function begin(options: InitializeOptions): void {
  Telltale.initialize({ endpoint: sink.endpoint, ...options });
}

async function chat(base: string): Promise<void> {
  const response = await fetch(`${base}/v1/chat/completions`, { method: "POST", body: '{"model":"m","messages":[]}' });
  await response.text();
}

describe("a request to another service", () => {
  it("carries nothing of ours unless it is asked for", async () => {
    begin({});
    await Telltale.withSpan("outer", () => fetch(url));
    expect(Object.keys(seen[0] ?? {})).not.toEqual(expect.arrayContaining(["traceparent"]));
  });

  it("carries the context to hosts that are named, by fetch and by node:http, and what the program set stays", async () => {
    begin({ propagateTo: ["127.0.0.1"] });
    const headers = { "x-mine": "1" };
    const options = { headers };
    const active = await Telltale.withSpan("outer", async (span) => {
      Telltale.setUser("u 1");
      await fetch(url, options);
      await fetch(new Request(url, { headers: { "x-mine": "2", traceparent: "own" } }));
      await new Promise((resolve) => get(url, (response) => response.resume().on("end", resolve)));
      return span;
    });
    expect(options).toEqual({ headers: { "x-mine": "1" } });
    const traceparent = `00-${active.traceId}-${active.spanId}-01`;
    expect(seen[0]).toMatchObject({ traceparent, baggage: "user.id=u%201", "x-mine": "1" });
    expect(seen[1]).toMatchObject({ traceparent: "own", "x-mine": "2" });
    expect(seen[2]).toMatchObject({ traceparent });
    const context = Telltale.extract(seen[0]);
    Telltale.runWith(context, () => Telltale.withTask("served", () => {}));
    await Telltale.flush();
    const served = sink.spans.find(({ name }) => name === "served");
    expect(served).toMatchObject({
      traceId: active.traceId,
      parentSpanId: active.spanId,
      attributes: { "user.id": "u 1" },
    });
  });

  it("goes to a model only where its host is written out, as the call's own span", async () => {
    begin({ propagateTo: ["*.0.0.1", "localhost"] });
    await Telltale.withSpan("outer", () => chat(url));
    await Telltale.withSpan("outer", () => chat(url.replace("127.0.0.1", "localhost")).catch(() => {}));
    await Telltale.withSpan("outer", () => fetch(url));
    expect(seen[0]).not.toHaveProperty("traceparent");
    expect(seen.at(-1)).toHaveProperty("traceparent");
    await Telltale.flush();
    const call = sink.spans.find(({ attributes }) => attributes["server.address"] === "localhost");
    if (seen.length === 3) expect(seen[1]?.["traceparent"]).toBe(`00-${call?.traceId}-${call?.spanId}-01`);
  });
});
