import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

interface Message {
  readonly method?: string;
  readonly id?: unknown;
  readonly params?: unknown;
}

/** A transport of the smallest kind. */
class Wire {
  onmessage: ((message: unknown) => void) | undefined;
  onclose: (() => void) | undefined;
  readonly sent: unknown[] = [];

  start(): Promise<void> {
    return Promise.resolve();
  }

  send(message: Message): Promise<void> {
    this.sent.push(message);
    return message.method === "broken" ? Promise.reject(new Error("no line")) : Promise.resolve();
  }
}

let sink: SpanSink;

beforeEach(async () => {
  sink = await startSpanSink();
  Telltale.initialize({ endpoint: sink.endpoint });
});
afterEach(async () => {
  await Telltale.shutdown();
  await sink.stop();
});

describe("a watched MCP transport", () => {
  it("hands messages on as they are, but for the context it adds to a copy", async () => {
    const wire = Telltale.watchMcp(new Wire());
    const request = Object.freeze({
      method: "tools/call",
      params: Object.freeze({ name: "x" }),
      jsonrpc: "2.0",
      id: 0,
    });
    await wire.send(request);
    const answer = { jsonrpc: "2.0", id: 7, result: {} };
    await wire.send(answer);
    const traceparent = expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as unknown;
    expect(wire.sent).toEqual([{ ...request, params: { name: "x", _meta: { traceparent } } }, answer]);
    expect(Object.keys(wire.sent[0] as object)).toEqual(["method", "params", "jsonrpc", "id"]);
    expect(wire.sent[1]).toBe(answer);
    await expect(wire.send({ method: "broken", id: 1 })).rejects.toThrow("no line");
  });

  it("leaves a context that the program sends itself", async () => {
    const wire = Telltale.watchMcp(new Wire());
    const request = {
      method: "tools/call",
      id: 1,
      params: { name: "x", _meta: { traceparent: "mine", progressToken: 1 } },
    };
    await wire.send(request);
    expect(wire.sent[0]).toBe(request);
  });

  it("takes anything that comes", async () => {
    const wire = Telltale.watchMcp(new Wire());
    const got: unknown[] = [];
    wire.onmessage = (message) => void got.push(message);
    const odd = [
      null,
      3,
      "text",
      [],
      {},
      { id: 1 },
      { method: "x", id: 1, params: 3 },
      { method: "x", id: 1, params: { _meta: "x" } },
    ];
    for (const message of odd) wire.onmessage(message);
    expect(got).toEqual(odd);
    wire.onclose = () => {};
    wire.onclose();
    await Telltale.flush();
    expect(sink.spans.map(({ name }) => name)).toEqual(["x", "x"]);
  });

  it("is the object it was, and watched once", async () => {
    const wire = new Wire();
    expect(Telltale.watchMcp(Telltale.watchMcp(wire))).toBe(wire);
    await wire.send({ method: "ping", id: 1 });
    wire.onmessage = () => {};
    wire.onmessage({ id: 1, result: {} });
    await Telltale.flush();
    expect(sink.spans.map(({ name, attributes }) => [name, attributes["jsonrpc.request.id"]])).toEqual([["ping", "1"]]);
    expect(Telltale.watchMcp({})).toEqual({});
  });

  it("does nothing while nothing is watched", async () => {
    await Telltale.shutdown();
    const wire = Telltale.watchMcp(new Wire());
    const request = { method: "tools/call", id: 1 };
    await wire.send(request);
    expect(wire.sent[0]).toBe(request);
  });
});
