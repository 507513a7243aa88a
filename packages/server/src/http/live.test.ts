import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveTrace, TraceSummary } from "../api-types.ts";
import { type LiveEvent, LiveFeed } from "./live-feed.ts";
import { LiveStream } from "./live-stream.ts";

function trace(traceId: string, rootName: string = ""): TraceSummary {
  return { ...EMPTY, traceId, rootName };
}

const EMPTY: TraceSummary = {
  traceId: "",
  project: "default",
  rootName: "",
  rootKind: "",
  serviceName: "",
  startTime: 0,
  durationMs: 0,
  status: "ok",
  spanCount: 1,
  llmCalls: 0,
  toolCalls: 0,
  errorCount: 0,
  inputTokens: null,
  outputTokens: null,
  costNanos: null,
  unpricedCalls: 0,
  models: [],
  agents: [],
  tags: [],
  sessionId: "",
  userId: "",
  inputPreview: "",
  outputPreview: "",
};

function idOf(event: LiveEvent): string {
  if (event.event === "resync") return "resync";
  const { trace: told } = JSON.parse(event.data) as LiveTrace;
  return told.traceId + told.rootName;
}

function collect(
  feed: LiveFeed,
  after?: number,
): { readonly ids: string[]; readonly events: LiveEvent[]; readonly stop: () => void } {
  const ids: string[] = [];
  const events: LiveEvent[] = [];
  const stop = feed.subscribe(after, (event) => {
    ids.push(idOf(event));
    events.push(event);
  });
  return { ids, events, stop };
}

describe("LiveFeed", () => {
  it("tells readers what comes, from the moment they come, with rising ids", () => {
    const feed = new LiveFeed();
    feed.push(trace("a"));
    const reader = collect(feed);
    feed.push(trace("b"));
    feed.push(trace("c"));
    reader.stop();
    feed.push(trace("d"));
    expect(reader.ids).toEqual(["b", "c"]);
    expect(reader.events[1]!.id).toBeGreaterThan(reader.events[0]!.id);
  });

  it("goes on where a reader left, with the newest state of each trace", () => {
    const feed = new LiveFeed(10, 100);
    for (const name of ["a", "b", "c"]) feed.push(trace(name));
    feed.push(trace("b", "2"));
    expect(collect(feed, 101).ids).toEqual(["c", "b2"]);
    expect(collect(feed, 104).ids).toEqual([]);
    expect(collect(feed, 100).ids).toEqual(["a", "c", "b2"]);
  });

  it("forgets the oldest, and says so to whom has missed it", () => {
    const feed = new LiveFeed(2, 100);
    for (const name of ["a", "b", "c"]) feed.push(trace(name));
    expect(collect(feed, 101).ids).toEqual(["b", "c"]);
    const missed = collect(feed, 100);
    expect(missed.ids).toEqual(["resync"]);
    expect(missed.events[0]!.id).toBe(103);
    feed.push(trace("d"));
    expect(missed.ids).toEqual(["resync", "d"]);
  });

  it("asks a reader from before a restart, or from the future, to start anew", () => {
    const feed = new LiveFeed(2, 100);
    expect(collect(feed, 7).ids).toEqual(["resync"]);
    expect(collect(feed, 999).ids).toEqual(["resync"]);
    expect(collect(feed, 100).ids).toEqual([]);
  });

  it("lets a reader stop while it is told", () => {
    const feed = new LiveFeed(10, 100);
    for (const name of ["a", "b"]) feed.push(trace(name));
    const ids: string[] = [];
    let stop = (): void => undefined;
    stop = feed.subscribe(undefined, (event) => {
      ids.push(idOf(event));
      stop();
    });
    feed.push(trace("c"));
    feed.push(trace("d"));
    expect(ids).toEqual(["c"]);
  });
});

describe("LiveStream", () => {
  let server: Server;
  let feed: LiveFeed;
  let responses: IncomingMessage[] = [];

  beforeEach(async () => {
    feed = new LiveFeed(50, 100);
    const stream = new LiveStream(feed, 20);
    server = createServer((incoming, outgoing) => {
      const after = incoming.headers["last-event-id"];
      stream.serve(incoming, outgoing, after === undefined ? undefined : Number(after));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterEach(() => {
    for (const response of responses) response.destroy();
    responses = [];
    server.closeAllConnections();
    server.close();
  });

  async function open(after?: number): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const asked = request({
      port,
      host: "127.0.0.1",
      headers: after === undefined ? {} : { "last-event-id": String(after) },
    });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    responses.push(response);
    return response;
  }

  async function readUntil(response: IncomingMessage, wanted: string): Promise<string> {
    let text = "";
    for await (const piece of response.iterator({ destroyOnReturn: false })) {
      text += String(piece);
      if (text.includes(wanted)) break;
    }
    return text;
  }

  it("writes events as the browser reads them, and a sign of life", async () => {
    feed.push(trace("a"));
    const response = await open(100);
    expect(response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    const text = await readUntil(response, ": still here");
    expect(text).toMatch(/^retry: 2000\n\nid: 101\nevent: trace\ndata: \{"trace":\{.*"traceId":"a".*\}\}\n\n/);
  });

  it("keeps nothing for a reader that does not read, and tells it to start anew", async () => {
    const response = await open();
    await readUntil(response, "retry");
    response.pause();
    const large = "x".repeat(100_000);
    for (let index = 0; index < 400; index++) {
      feed.push(trace(`t${index}`, large));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const text = await readUntil(response, "event: resync");
    // What the sockets hold came through; the rest of the 40 MB was never kept for this reader.
    expect(text.split("event: trace").length).toBeLessThan(200);
    feed.push(trace("after"));
    expect(await readUntil(response, '"traceId":"after"')).toContain("event: trace");
  });
});
