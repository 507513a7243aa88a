import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergeRows } from "../engine/merge-rows.ts";
import { JournalFullError } from "../journal/journal.ts";
import { Intake } from "../receive/intake.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { type ServedReceiver, serveReceiver } from "../testing/served-receiver.ts";
import { createLangsmith } from "./langsmith.ts";

const LIMIT = 1_000_000;
const ROOT = "01a20ae6-b2ca-7000-8000-020eea109c42";
const CHILD = "01a20ae6-b2ca-7001-9000-0f0eea109c43";
const ROOT_ORDER = `20261124T001340938001Z${ROOT}`;
const BOUNDARY = "----LangSmithFormBoundary1";

const root = {
  id: ROOT,
  name: "travel-agent",
  run_type: "chain",
  trace_id: ROOT,
  dotted_order: ROOT_ORDER,
  session_name: "trips",
  start_time: "2026-11-24T00:13:40.938001Z",
  tags: ["demo, first"],
};
const child = {
  id: CHILD,
  name: "ChatOpenAI",
  run_type: "llm",
  trace_id: ROOT,
  parent_run_id: ROOT,
  session_name: "trips",
  dotted_order: `${ROOT_ORDER}.20261124T001341000002Z${CHILD}`,
};
const inputs = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Weather in Paris?" }] };
const outputs = {
  id: "chatcmpl-1",
  model: "gpt-4o-mini-2026-07-18",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Sunny." } }],
};
const extra = {
  metadata: {
    ls_provider: "openai",
    ls_model_name: "gpt-4o-mini",
    thread_id: "t-7",
    user_id: "u-1",
    usage_metadata: {
      input_tokens: 30,
      output_tokens: 76,
      total_tokens: 106,
      input_token_details: { cache_read: 15, audio: 0 },
      output_token_details: { reasoning: 16 },
    },
  },
  runtime: { sdk: "langsmith-js", sdk_version: "0.12.0" },
};

let served: ServedReceiver;

beforeEach(async () => {
  const intake = new Intake({
    metrics: new Metrics(),
    maxBodyBytes: LIMIT,
    admits: (key) => key !== "wrong",
  });
  served = await serveReceiver(createLangsmith(intake));
});

afterEach(() => served.close());

type Part = readonly [name: string, value: unknown, type?: string];

function form(...parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(([name, value, type = "application/json"]) => {
    const body = Buffer.isBuffer(value)
      ? value
      : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}; length=${body.length}\r\n\r\n`;
    return [Buffer.from(head), body, Buffer.from("\r\n")];
  });
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function send(path: string, body: Buffer | string | object, headers: Record<string, string> = {}): Promise<Response> {
  const isJson = !Buffer.isBuffer(body);
  const type = isJson ? "application/json" : `multipart/form-data; boundary=${BOUNDARY}`;
  return fetch(served.url + path, {
    method: path.startsWith("/runs/0") ? "PATCH" : "POST",
    headers: { "content-type": type, ...headers },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : typeof body === "string" ? body : JSON.stringify(body),
  });
}

const parts: readonly Part[] = [
  [`post.${ROOT}`, root],
  [`post.${ROOT}.inputs`, { input: "Weather in Paris?" }],
  [`post.${CHILD}`, child],
  [`post.${CHILD}.inputs`, inputs],
  [`patch.${CHILD}`, { ...child, end_time: 1795479221013 }],
  [`patch.${CHILD}.outputs`, outputs],
  [`patch.${CHILD}.extra`, extra],
];

describe("what the SDK asks first", () => {
  it.each(["/info", "/api/v1/info"])("%s tells that multipart, gzip and zstd are understood", async (path) => {
    const answer = await fetch(served.url + path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      instance_flags: { gzip_body_enabled: true, zstd_compression_enabled: true },
      batch_ingest_config: { use_multipart_endpoint: true, size_limit: 100 },
    });
  });
});

describe("runs", () => {
  it.each([
    ["plain", undefined, (body: Buffer) => body],
    ["gzip", "gzip", gzipSync],
    ["zstd", "zstd", zstdCompressSync],
  ] as const)("come in parts of one request, %s", async (_, encoding, compress) => {
    const headers = encoding === undefined ? {} : { "content-encoding": encoding };
    const answer = await send("/runs/multipart", compress(form(...parts)), headers as Record<string, string>);
    expect(answer.status).toBe(202);
    const [first, second] = served.spans();
    expect(first).toMatchObject({
      name: "travel-agent",
      kind: "workflow",
      project: "trips",
      traceId: ROOT.replaceAll("-", ""),
      tags: ["demo, first"],
    });
    expect(second).toMatchObject({
      name: "ChatOpenAI",
      kind: "llm",
      parentSpanId: first!.spanId,
      provider: "openai",
      sessionId: "t-7",
      userId: "u-1",
      requestModel: "gpt-4o-mini",
      responseModel: "gpt-4o-mini-2026-07-18",
      status: "unset",
      responseId: "chatcmpl-1",
      finishReason: "stop",
      usage: [{ buckets: { input: 15, cache_read: 15, output: 60, reasoning: 16 } }],
      input: { messages: [{ role: "user", parts: [{ content: "Weather in Paris?" }] }] },
      output: { messages: [{ role: "assistant", parts: [{ content: "Sunny." }] }] },
    });
    expect(second!.startTime).toBe(1795479221000002000n);
    expect(second!.endTime).toBe(1795479221013000000n);
  });

  it("come out the same in every order, in one request or in several", async () => {
    const orders = [parts, parts.toReversed(), [...parts.slice(4), ...parts.slice(0, 4)]];
    for (const order of orders) await send("/runs/multipart", form(...order));
    const [told, ...others] = served.spans().filter((span) => span.kind === "llm");
    for (const span of others) expect(span).toEqual(told);
    const create = parts.filter(([name]) => name.startsWith(`post.${CHILD}`));
    const patch = parts.filter(([name]) => name.startsWith(`patch.${CHILD}`));
    await send("/runs/multipart", form(...create));
    await send("/runs/multipart", form(...patch));
    const [created, patched] = served.rows().slice(-2);
    const known = mergeRows(created!, patched!);
    expect(mergeRows(patched!, created!)).toEqual(known);
    expect(known).toMatchObject({ input_tokens: 30, output_tokens: 76, start_time: 1795479221000002000n });
    expect(known.input).toContain("Weather in Paris?");
    expect(known.output).toContain("Sunny.");
  });

  it("come as a batch in JSON, and one by one", async () => {
    expect((await send("/runs/batch", { post: [{ ...root, inputs: { a: 1 } }], patch: [] })).status).toBe(202);
    expect((await send("/runs", { ...child, inputs })).status).toBe(202);
    expect((await send(`/runs/${CHILD}`, { outputs, extra, end_time: "2026-11-24T00:13:42" })).status).toBe(202);
    const [, created, patched] = served.spans();
    expect(patched).toMatchObject({
      traceId: created!.traceId,
      spanId: created!.spanId,
      kind: "llm",
      project: "trips",
    });
    expect(patched!.endTime).toBe(1795479222000000000n);
  });

  it("that failed keep what is known of the failure", async () => {
    const error = "ValueError('no such city')Traceback (most recent call last):\n\n  File x, line 1";
    await send("/runs/batch", { post: [{ ...root, error, end_time: "2026-11-24T00:13:41.5Z" }] });
    const [span] = served.spans();
    expect(span).toMatchObject({
      status: "error",
      errorType: "ValueError",
      errorMessage: "ValueError('no such city')",
    });
  });

  it("keep tools, retrievers, parsers and what no field is for", async () => {
    const tool = { ...root, id: CHILD, run_type: "tool", name: "get_weather", inputs: { input: "Paris" } };
    const lookup = { ...root, id: crypto.randomUUID(), run_type: "retriever", inputs: { query: "refunds" } };
    const parser = { ...root, id: crypto.randomUUID(), run_type: "parser", revision_id: "abc" };
    const documents = [{ page_content: "30 days", metadata: { source: "a.md" }, type: "Document" }];
    await send("/runs/batch", { post: [tool, { ...lookup, outputs: { documents } }, parser] });
    const spans = served.spans();
    expect(spans.map(({ kind }) => kind)).toEqual(["tool", "retrieval", "workflow"]);
    expect(spans[0]).toMatchObject({ toolName: "get_weather" });
    expect(spans[1]!.output).toMatchObject({ type: "documents", documents: [{ content: "30 days" }] });
    expect(spans[2]!.attributes.get("langsmith.run.revision_id")).toBe("abc");
  });

  it("leave the bytes of attachments out, and say so", async () => {
    const image = Buffer.concat([Buffer.from("\r\n--x\r\n"), Buffer.alloc(1000, 1)]);
    await send("/runs/multipart", form(...parts, [`attachment.${ROOT}.photo`, image, "image/png"]));
    const told = served.spans()[0]!.attributes.get("langsmith.attachments");
    expect(JSON.parse(String(told))).toEqual({ photo: { type: "image/png", bytes: 1007, kept: false } });
  });
});

describe("projects", () => {
  const asked = async (path: string, init?: RequestInit) => (await fetch(served.url + path, init)).json();
  const tell = (path: string, method: string, body: object): Promise<Response> =>
    fetch(served.url + path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  it("are made, read by id and by name, changed and listed, and are there after a restart", async () => {
    const made = (await (await tell("/sessions", "POST", { name: "trips", description: "first" })).json()) as {
      id: string;
    };
    expect(made).toMatchObject({ name: "trips", description: "first", reference_dataset_id: null });
    expect((await tell("/api/v1/sessions", "POST", { name: "trips" })).status).toBe(409);
    const again = await tell("/sessions?upsert=true", "POST", { name: "trips", extra: { metadata: { a: 1 } } });
    expect(await again.json()).toMatchObject({ id: made.id, description: "first", extra: { metadata: { a: 1 } } });
    const end = "2026-11-24T00:00:00.000Z";
    expect((await tell(`/sessions/${made.id}`, "PATCH", { name: null, end_time: end })).status).toBe(200);
    const later = await serveReceiver(createLangsmith(new Intake({ metrics: new Metrics() })), served.directory);
    expect(await (await fetch(`${later.url}/sessions/${made.id}`)).json()).toMatchObject({
      name: "trips",
      end_time: end,
    });
    expect(await asked("/sessions?name=trips&limit=1")).toMatchObject([{ id: made.id }]);
    expect(await asked("/sessions?name=trip")).toEqual([]);
    later.close();
  });

  it("of runs are known without being made, each with one id, in pages", async () => {
    await send("/runs/batch", { post: [root, { ...child, session_name: "other" }] });
    const all = (await asked("/sessions")) as { id: string; name: string }[];
    expect(all.map(({ name }) => name)).toEqual(["other", "trips"]);
    expect(await asked("/sessions?limit=1&offset=1")).toEqual(all.slice(1));
    const id = crypto.randomUUID();
    await send("/runs", { ...root, id, trace_id: id, session_name: undefined, session_id: all[0]!.id });
    expect(served.spans().at(-1)!.project).toBe("other");
  });

  it("are refused where they are not there, say too much, or should be taken away", async () => {
    expect((await fetch(`${served.url}/sessions/${ROOT}`)).status).toBe(404);
    expect((await tell("/sessions", "POST", {})).status).toBe(422);
    expect((await tell("/sessions", "POST", { name: "x", extra: { a: "x".repeat(9_000) } })).status).toBe(422);
    expect((await fetch(`${served.url}/sessions/${ROOT}`, { method: "DELETE" })).status).toBe(405);
  });

  it.each(["/runs/nope", "/runs/%F0%9F%8E%88", `/runs/${ROOT}/share`, "/sessions/nope", "/feedback/nope"])(
    "are not a page at %s",
    async (path) => {
      const answer = await fetch(served.url + path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ detail: expect.any(String) });
    },
  );

  it("are forgotten at some number, the latest last", async () => {
    for (let page = 0; page < 3; page++) {
      const post = Array.from({ length: 900 }, (_, number) => ({ ...root, session_name: `p${page}-${number}` }));
      for (const run of post) run.id = crypto.randomUUID();
      await send("/runs/batch", { post });
    }
    expect(await asked("/sessions?name=p0-0")).toEqual([]);
    expect(await asked("/sessions?name=p2-899")).toHaveLength(1);
    expect(await asked("/sessions?offset=1999")).toHaveLength(1);
    expect(await asked("/sessions?offset=2000")).toEqual([]);
  });
});

describe("feedback", () => {
  it("is kept as an evaluation of its run, alone or among the parts", async () => {
    await send("/runs/multipart", form(...parts, [`feedback.f1`, { key: "helpful", score: true, run_id: CHILD }]));
    const answer = await send("/feedback", { id: "f2", key: "tone", score: 0.5, comment: "dry", run_id: CHILD });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: "f2", key: "tone" });
    const child = served.spans()[1]!;
    for (const log of served.logs())
      expect(log).toMatchObject({
        eventName: "gen_ai.evaluation.result",
        traceId: child.traceId,
        spanId: child.spanId,
      });
    expect(served.logs().map(({ attributes }) => attributes.get("gen_ai.evaluation.score.value"))).toEqual([1, 0.5]);
  });
});

describe("a request is refused, in the words of its SDK,", () => {
  async function detail(answer: Response, status: number): Promise<string> {
    expect(answer.status).toBe(status);
    return ((await answer.json()) as { detail: string }).detail;
  }

  it("when it is no JSON, no multipart, cut off, or has nothing in it that can be kept", async () => {
    expect(await detail(await send("/runs/batch", "{"), 400)).toContain("not JSON");
    expect(await detail(await send("/runs/multipart", "x"), 400)).toContain("boundary");
    expect(await detail(await send("/runs/multipart", form(...parts).subarray(0, -40)), 400)).toContain("cut off");
    expect(await detail(await send("/runs/batch", { post: [{ name: "x" }] }), 422)).toContain('"id"');
    expect(await detail(await fetch(`${served.url}/runs/batch`), 405)).toContain("/api/v1");
    expect(await detail(await fetch(`${served.url}/runs/${ROOT}`), 404)).toContain("there is no run");
    expect(served.entries).toEqual([]);
  });

  it("when it is too large, also after decompression", async () => {
    const large = form([`post.${ROOT}`, { ...root, name: "x".repeat(LIMIT) }]);
    await detail(await send("/runs/multipart", large), 413);
    await detail(await send("/runs/multipart", gzipSync(large), { "content-encoding": "gzip" }), 413);
  });

  it("when its key is not known, or the journal cannot take it now", async () => {
    await detail(await send("/runs/batch", { post: [root] }, { "x-api-key": "wrong" }), 401);
    served.failWith(new JournalFullError("the disk is full"));
    const answer = await send("/runs/batch", { post: [root] });
    expect(await detail(answer, 503)).toContain("full");
    expect(answer.headers.get("retry-after")).toBe("3");
  });
});

describe("one bad run", () => {
  it("costs none of its neighbours", async () => {
    const answer = await send(
      "/runs/multipart",
      form(["post.x.inputs", "{broken"], ["what.is.this", {}], [`post.${"y".repeat(300)}`, {}], ...parts),
    );
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ rejected: 3 });
    expect(served.spans()).toHaveLength(2);
    await send("/runs/batch", { post: [null, 7, "x", { id: 7 }, [], root] });
    expect(served.spans()).toHaveLength(3);
  });

  it("with hostile keys and values is kept as told and harms nothing", async () => {
    const deep = "[".repeat(50_000) + "]".repeat(50_000);
    const hostile = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"lone":"\\ud83d","nul":"a\\u0000b","deep":${deep}}`;
    const answer = await send(
      "/runs/multipart",
      form([`post.${ROOT}`, root], [`post.${ROOT}.inputs`, hostile], [`post.${ROOT}.extra`, `{"metadata":${hostile}}`]),
    );
    expect(answer.status).toBe(202);
    const [row] = served.rows();
    expect(row!.attributes).toContain("polluted");
    expect(row!.input.isWellFormed()).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
