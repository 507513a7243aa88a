import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergeRows } from "../engine/merge-rows.ts";
import { Intake } from "../receive/intake.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { type ServedReceiver, serveReceiver } from "../testing/served-receiver.ts";
import { createLangfuse } from "./langfuse.ts";

const TRACE = "7646936e-10f4-4cc2-b8fc-f0c2e3c6fac4";
const CALL = "55ce2e0e-d709-4c7a-b0de-eb85dc577aaa";
const TOOL = "5faed3a9-77b8-4fb8-992f-195fe6e2a5b6";
const AT = "2026-11-24T00:17:33.";

let served: ServedReceiver;
let number = 0;

beforeEach(async () => {
  const intake = new Intake({ metrics: new Metrics(), maxBodyBytes: 1_000_000, admits: (key) => key !== "wrong" });
  served = await serveReceiver(createLangfuse(intake));
});

afterEach(() => served.close());

const event = (type: string, body: object, millisecond = 500): object => ({
  id: `e-${++number}`,
  type,
  body,
  timestamp: `${AT}${millisecond}Z`,
});

function send(path: string, body: object | string, authorization?: string): Promise<Response> {
  return fetch(served.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const ingest = (...batch: readonly unknown[]): Promise<Response> => send("/api/public/ingestion", { batch });

const trace = event("trace-create", {
  id: TRACE,
  timestamp: `${AT}314Z`,
  name: "travel-agent",
  input: "Weather?",
  userId: "u-1",
  sessionId: "s-1",
  tags: ["demo"],
  metadata: { kind: "agent" },
});
const call = {
  id: CALL,
  traceId: TRACE,
  name: "llm-call",
  startTime: `${AT}316Z`,
  parentObservationId: null,
  model: "gpt-4o-mini",
  input: { messages: [{ role: "user", content: "Weather?" }] },
};
const answered = {
  id: CALL,
  traceId: TRACE,
  endTime: `${AT}475Z`,
  output: { role: "assistant", content: "Sunny." },
  usageDetails: { input: 35, output: 38, total: 73, input_cached_tokens: 17, output_reasoning_tokens: 8 },
};

describe("events", () => {
  it("of one observation are merged, and hang below their trace", async () => {
    const tool = { id: TOOL, traceId: TRACE, parentObservationId: CALL, name: "get_weather", startTime: `${AT}480Z` };
    const answer = await ingest(
      trace,
      event("generation-create", call),
      event("generation-update", answered),
      event("tool-create", { ...tool, input: { city: "Paris" } }),
      event("span-update", { id: TOOL, traceId: TRACE, output: "18 C", endTime: `${AT}490Z` }),
    );
    expect(answer.status).toBe(207);
    const { successes, errors } = (await answer.json()) as { successes: { status: number }[]; errors: unknown[] };
    expect([successes.map(({ status }) => status), errors]).toEqual([[201, 201, 201, 201, 201], []]);
    const [llm, toolSpan, root] = served.spans();
    expect(root).toMatchObject({
      name: "travel-agent",
      kind: "workflow",
      userId: "u-1",
      sessionId: "s-1",
      tags: ["demo"],
      input: { type: "text", text: "Weather?" },
      startTime: 1795479453314000000n,
      endTime: 1795479453490000000n,
    });
    expect(llm).toMatchObject({
      name: "llm-call",
      kind: "llm",
      parentSpanId: root!.spanId,
      requestModel: "gpt-4o-mini",
      usage: [{ buckets: { input: 18, cache_read: 17, output: 30, reasoning: 8 } }],
      output: { messages: [{ role: "assistant", parts: [{ content: "Sunny." }] }] },
    });
    expect(toolSpan).toMatchObject({ kind: "tool", parentSpanId: llm!.spanId, output: { text: "18 C" } });
  });

  it("that came in several requests make the same span in either order", async () => {
    await ingest(event("generation-create", call));
    await ingest(event("generation-update", answered, 600));
    const [created, , updated] = served.rows();
    const known = mergeRows(created!, updated!);
    expect(mergeRows(updated!, created!)).toEqual(known);
    expect(known).toMatchObject({ start_time: 1795479453316000000n, end_time: 1795479453475000000n, input_tokens: 35 });
    expect(known.parent_span_id).toBe(created!.parent_span_id);
  });

  it("tell tokens that lie beside the cached ones as well as around them", async () => {
    const usageDetails = { input: 29, output: 27, total: 85, input_cache_read: 29 };
    await ingest(event("generation-create", { ...call, usageDetails }));
    expect(served.spans()[0]!.usage).toMatchObject([{ buckets: { input: 29, cache_read: 29, output: 27 } }]);
  });

  it("tell failures by their level", async () => {
    await ingest(event("span-create", { ...call, level: "ERROR", statusMessage: "500 no" }));
    expect(served.spans()[0]).toMatchObject({ status: "error", errorMessage: "500 no" });
  });

  it("are refused one by one, with the reason", async () => {
    const answer = await ingest(trace, { id: "bad-1", type: "nothing" }, null, event("span-create", {}));
    const { successes, errors } = (await answer.json()) as { successes: unknown[]; errors: { message: string }[] };
    expect(answer.status).toBe(207);
    expect(successes).toHaveLength(1);
    expect(errors.map(({ message }) => message).join()).toMatch(/"type".*"type".*"id"/);
    expect(served.spans()).toHaveLength(1);
  });
});

describe("Langfuse's secret key", () => {
  it("never reaches the journal, wherever the SDK writes it", async () => {
    const clientInitParams = { publicKey: "pk-lf-1", secretKey: "sk-lf-very-secret", baseUrl: "http://x" };
    const own = { clientInitParams: { secretKey: "home-made-secret" }, note: "the key is my-own-secret-1" };
    const basic = `Basic ${Buffer.from("pk-lf-1:my-own-secret-1").toString("base64")}`;
    const batch = [
      event("generation-create", { ...call, clientInitParams }),
      event("span-create", { ...call, ...own }),
    ];
    await send("/api/public/ingestion", { batch }, basic);
    const kept = Buffer.from(served.entries[0]!.body).toString("utf8");
    expect(kept).toContain("pk-lf-1");
    expect(kept).not.toMatch(/very-secret|home-made-secret|my-own-secret-1/);
  });
});

describe("scores", () => {
  it("are kept as evaluations of their observation, from both ways in", async () => {
    const score = { id: "s-1", traceId: TRACE, observationId: CALL, name: "tone", value: 0.5, comment: "dry" };
    await ingest(trace, event("generation-create", call), event("score-create", score));
    const answer = await send("/api/public/scores", { traceId: TRACE, name: "grade", value: "good" });
    expect(await answer.json()).toEqual({ id: expect.any(String) });
    const [first, second] = served.logs();
    const [llm, root] = served.spans();
    expect(first).toMatchObject({ eventName: "gen_ai.evaluation.result", spanId: llm!.spanId });
    expect(second).toMatchObject({ spanId: root!.spanId });
    expect(second!.attributes.get("gen_ai.evaluation.score.label")).toBe("good");
  });
});

describe("media", () => {
  const content = Buffer.from("89504e470d0a1a0a", "hex");
  const sha256Hash = createHash("sha256").update(content).digest("base64");
  const told = { contentType: "image/png", contentLength: 8, sha256Hash, traceId: TRACE, field: "input" };
  const announce = async (body: object): Promise<{ uploadUrl: string | null; mediaId: string }> => {
    const answer = await send("/api/public/media", body);
    expect(answer.status).toBe(201);
    return (await answer.json()) as { uploadUrl: string | null; mediaId: string };
  };

  it("is announced, uploaded where the answer says, and told of, once for each content", async () => {
    const { uploadUrl, mediaId } = await announce(told);
    expect(mediaId).toBe(sha256Hash.slice(0, 22).replaceAll("+", "-").replaceAll("/", "_"));
    const headers = { "content-type": "image/png" };
    const wrong = await fetch(uploadUrl!, { method: "PUT", headers, body: "not the same" });
    expect(wrong.status).toBe(400);
    expect((await fetch(uploadUrl!, { method: "PUT", headers, body: content })).status).toBe(200);
    const status = await fetch(`${served.url}/api/public/media/${mediaId}`, { method: "PATCH", body: "{}" });
    expect(status.status).toBe(200);
    expect(await (await fetch(`${served.url}/api/public/media/${mediaId}`)).json()).toMatchObject({
      mediaId,
      contentType: "image/png",
      contentLength: 8,
      url: `${served.url}/api/v1/media/${mediaId}`,
    });
    expect(await announce(told)).toEqual({ uploadUrl: null, mediaId });
  });

  it("that nobody keeps gets an id and no address, so that the SDK goes on without sending it", async () => {
    for (const other of [{ contentType: "text/javascript" }, { contentLength: 10 ** 10 }, { contentLength: "eight" }])
      expect(await announce({ ...told, ...other })).toMatchObject({ uploadUrl: null, mediaId: expect.any(String) });
    expect((await send("/api/public/media", { contentType: "image/png" })).status).toBe(400);
    const unknown = `${served.url}/api/public/media/${"a".repeat(22)}`;
    expect((await fetch(unknown)).status).toBe(404);
    expect((await fetch(`${unknown}/upload`, { method: "PUT", body: "x" })).status).toBe(404);
    expect((await fetch(unknown, { method: "DELETE" })).status).toBe(405);
  });
});

describe("a request", () => {
  it("that is none is refused with a message", async () => {
    for (const [body, status] of [
      ["{", 400],
      ["{}", 400],
    ] as const) {
      const answer = await send("/api/public/ingestion", body);
      expect([answer.status, await answer.json()]).toEqual([
        status,
        { message: expect.any(String), error: "telltale" },
      ]);
    }
    expect((await send("/api/public/ingestion", { batch: [] }, "Basic cGs6d3Jvbmc=")).status).toBe(401);
    expect((await fetch(`${served.url}/api/public/health`)).status).toBe(200);
  });
});
