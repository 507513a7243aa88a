import { EventEmitter } from "node:events";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

const CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

let sink: SpanSink;

beforeAll(async () => {
  sink = await startSpanSink();
  Telltale.initialize({ appName: "tests", endpoint: sink.endpoint });
});
afterEach(() => sink.clear());
afterAll(async () => {
  await Telltale.shutdown();
  await sink.stop();
});

async function spanOf(name: string): Promise<ReadSpan> {
  await Telltale.flush();
  const span = sink.spans.find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`There is no span ${name}.`);
  return span;
}

describe("a context", () => {
  it("goes through a queue as JSON and puts the work there into the same trace", async () => {
    const message = Telltale.withWorkflow("order", () => {
      Telltale.setSession("s 1");
      Telltale.setUser("ü#x.example");
      Telltale.setTags(["beta", "a,b;c"]);
      Telltale.setMetadata({ tenant: "acme", seats: 3, vip: true });
      Telltale.recordPrompt({ name: "answer" }, {}, 3);
      return JSON.stringify({ id: 1, context: Telltale.currentContext() });
    });
    const { context } = JSON.parse(message) as { context: Record<string, string> };
    expect(Object.keys(context).sort()).toEqual(["baggage", "traceparent"]);
    expect(Telltale.runWith(context, () => Telltale.withTask("pack", () => 7))).toBe(7);
    const order = await spanOf("invoke_workflow order");
    expect(await spanOf("pack")).toMatchObject({
      traceId: order.traceId,
      parentSpanId: order.spanId,
      attributes: {
        "telltale.span.kind": "task",
        "session.id": "s 1",
        "user.id": "ü#x.example",
        "telltale.tags": ["beta", "a,b;c"],
        "telltale.metadata.tenant": "acme",
        "telltale.metadata.seats": 3,
        "telltale.metadata.vip": true,
        "gen_ai.prompt.name": "answer",
        "gen_ai.prompt.version": "3",
      },
    });
  });

  it("comes from the headers of a request in every form that headers have", async () => {
    const headers = { Traceparent: CALLER, tracestate: "vendor=1", baggage: "session.id=s,region=eu" };
    const forms = [
      headers,
      new Headers(headers),
      new Map(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value])),
    ];
    for (const [index, form] of forms.entries()) {
      const context = Telltale.extract(form);
      expect(context).toEqual({ traceparent: CALLER, tracestate: "vendor=1", baggage: headers.baggage });
      await Telltale.runWith(context, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        expect(Telltale.inject({ accept: "x" })).toEqual({ accept: "x", ...context });
        Telltale.withSpan(`served ${index}`, () => {
          const onward = Telltale.currentContext();
          expect(onward.tracestate).toBe("vendor=1");
          expect(onward.baggage).toBe("session.id=s,region=eu");
          expect(onward.traceparent).toContain("0af7651916cd43dd8448eb211c80319c");
          expect(onward.traceparent).not.toBe(CALLER);
        });
      });
      expect(await spanOf(`served ${index}`)).toMatchObject({
        traceId: "0af7651916cd43dd8448eb211c80319c",
        parentSpanId: "b7ad6b7169203331",
        attributes: { "session.id": "s", "telltale.span.kind": "span" },
      });
    }
    expect(Telltale.extract({ baggage: ["a=1", "b=2"] })).toEqual({ baggage: "a=1,b=2" });
  });

  it("that says nothing changes nothing", async () => {
    for (const context of [undefined, null, {}, { traceparent: "00-x" }, { traceparent: `ff${CALLER.slice(2)}` }]) {
      expect(Telltale.runWith(context, () => 1)).toBe(1);
    }
    expect(Telltale.extract(undefined)).toEqual({});
    Telltale.withSpan("outer", () =>
      Telltale.runWith({ baggage: "user.id=u" }, () => Telltale.withSpan("inner", () => {})),
    );
    const inner = await spanOf("inner");
    expect(inner).toMatchObject({ parentSpanId: (await spanOf("outer")).spanId, attributes: { "user.id": "u" } });
  });

  it("never throws, whatever a caller sends", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (traceparent, rest) => {
        const baggage = `session.id=${rest},telltale=${rest},telltale=${encodeURIComponent(`{"tags":${rest}}`)},x=1`;
        const inside = Telltale.runWith({ traceparent, tracestate: rest, baggage }, () => Telltale.currentContext());
        return typeof inside === "object";
      }),
    );
    const endless = `telltale=${encodeURIComponent(JSON.stringify({ tags: Array.from({ length: 300 }, String) }))}`;
    Telltale.runWith({ baggage: endless, traceparent: CALLER }, () => {
      expect(Telltale.currentContext().baggage?.length).toBeLessThan(1500);
    });
  });

  it("stays with a function that is called from elsewhere", async () => {
    const bus = new EventEmitter();
    Telltale.withSpan("subscriber", () =>
      bus.on(
        "job",
        Telltale.bind((id: number) => Telltale.withSpan(`job ${id}`, () => id)),
      ),
    );
    bus.emit("job", 4);
    expect((await spanOf("job 4")).parentSpanId).toBe((await spanOf("subscriber")).spanId);
  });

  it("follows the callbacks and streams of a whole request", async () => {
    const users = Array.from({ length: 50 }, (_, index) => `user ${index}`);
    await Promise.all(
      users.map((user) =>
        Telltale.withSpan(user, async () => {
          Telltale.setUser(user);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
          const body = new Response(new Blob(["a", "b"])).body;
          for await (const _ of body ?? []) Telltale.withSpan(`piece of ${user}`, () => {});
        }),
      ),
    );
    await Telltale.flush();
    for (const user of users) {
      const outer = await spanOf(user);
      const pieces = sink.spans.filter(({ name }) => name === `piece of ${user}`);
      expect(pieces.length).toBeGreaterThan(0);
      for (const piece of pieces)
        expect(piece).toMatchObject({ parentSpanId: outer.spanId, attributes: { "user.id": user } });
    }
  });
});
