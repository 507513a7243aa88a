import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

const ANSWER = `{"id":"x","choices":[{"index":0,"message":{"content":"naïve 東京"},"finish_reason":"stop"}]}`;

let server: Server;
let url = "";
let sink: SpanSink;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    if (request.url?.includes("empty") === true) return void response.writeHead(204).end();
    const body = request.url?.includes("not-json") === true ? "<html>" : ANSWER;
    response.writeHead(200, { "content-type": "application/json", "x-one": "1" });
    response.write(body.slice(0, 30));
    setTimeout(() => response.end(body.slice(30)), 5);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  sink = await startSpanSink();
});
afterAll(async () => {
  await Telltale.shutdown();
  await sink.stop();
  server.close();
  server.closeAllConnections();
});

async function collect(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function bodyOf(response: Response): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (response.body === null) throw new Error("There is no body.");
  return response.body;
}

async function readInto(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.getReader({ mode: "byob" });
  let text = "";
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(16));
    if (done) return text;
    text += Buffer.from(value).toString("latin1");
  }
}

/** Ways to use an answer; each says what the program saw. */
const USES: Readonly<Record<string, (response: Response) => unknown>> = {
  json: (response) => response.json(),
  text: (response) => response.text(),
  arrayBuffer: async (response) => Buffer.from(await response.arrayBuffer()).toString(),
  bytes: async (response) => Buffer.from(await response.bytes()).toString(),
  blob: async (response) => (await response.blob()).text(),
  iteration: (response) => collect(bodyOf(response)),
  reader: async (response) => {
    const reader = bodyOf(response).getReader();
    const first = await reader.read();
    reader.releaseLock();
    return Buffer.from(first.value ?? []).toString() + (await collect(bodyOf(response)));
  },
  "reader with its own buffer": (response) => readInto(bodyOf(response)),
  tee: async (response) => Promise.all(bodyOf(response).tee().map(collect)),
  pipeThrough: (response) => collect(bodyOf(response).pipeThrough(new TransformStream())),
  pipeTo: async (response) => {
    const pieces: string[] = [];
    await bodyOf(response).pipeTo(
      new WritableStream({ write: (piece: Uint8Array) => void pieces.push(Buffer.from(piece).toString("latin1")) }),
    );
    return pieces.join("");
  },
  "another response around it": (response) => new Response(response.body).text(),
  "clone, both read": async (response) => {
    const copy = response.clone();
    return [await copy.text(), await response.json()];
  },
  "clone, the copy thrown away": async (response) => {
    void response.clone();
    return response.text();
  },
  "body looked at, then text": async (response) => [response.body !== null, await response.text(), response.bodyUsed],
  "read twice": async (response) => {
    await response.text();
    return response.json().catch((error: unknown) => `${String(error)} ${response.bodyUsed}`);
  },
  "shape of the object": (response) => {
    const keys = Object.keys(response);
    const shape = [response instanceof Response, response.constructor === Response, String(response)];
    const own = [Reflect.ownKeys(response), Reflect.ownKeys(response.body ?? {}).map(String)];
    const names = [typeof response.json, response.json.length, response.body === response.body, response.bodyUsed];
    return [keys, shape, own, names, response.ok, response.type, response.redirected, [...response.headers.keys()]];
  },
  "cancel after one piece": async (response) => {
    const reader = bodyOf(response).getReader();
    const { value } = await reader.read();
    await reader.cancel("enough");
    // How much comes at once is the network's choice.
    return [value !== undefined, (await reader.read()).done];
  },
};

const PATHS = ["/v1/chat/completions", "/not-json/v1/chat/completions", "/empty/v1/chat/completions"];

async function use(path: string, name: string): Promise<unknown> {
  const response = await fetch(url + path, { method: "POST", body: '{"model":"m","messages":[{"role":"user"}]}' });
  try {
    return await USES[name]?.(response);
  } catch (error) {
    return `thrown: ${String(error)}`;
  }
}

describe("a program that is watched", () => {
  it("sees byte for byte what it sees without us, whatever it does with an answer", async () => {
    const cases = PATHS.flatMap((path) => Object.keys(USES).map((name) => [path, name] as const));
    const without = new Map<string, unknown>();
    for (const [path, name] of cases) without.set(path + name, await use(path, name));
    Telltale.initialize({ appName: "tests", endpoint: sink.endpoint });
    for (const [path, name] of cases) {
      expect([path, name, await use(path, name)]).toEqual([path, name, without.get(path + name)]);
    }
    await Telltale.flush();
    // Nobody reads the answers whose shape is looked at; their spans wait for the collector.
    const unread = PATHS.length - 1;
    expect(sink.spans.length).toBeGreaterThanOrEqual(cases.length - unread);
  });

  it("has the content in every span, however the answer was read", async () => {
    sink.clear();
    const names = Object.keys(USES).filter((name) => !/blob|shape|cancel/.test(name));
    for (const name of names) await use(PATHS[0] ?? "", name);
    await Telltale.flush();
    expect(sink.spans).toHaveLength(names.length);
    const outputs = sink.spans.map(({ attributes }: ReadSpan) => attributes["gen_ai.output.messages"]);
    for (const [index, output] of outputs.entries()) expect([names[index], output]).toEqual([names[index], outputs[0]]);
    expect(outputs[0]).toContain("naïve 東京");
  });

  it("may hand over a Request, a URL, bytes or a stream", async () => {
    sink.clear();
    const path = `${url}/v1/chat/completions`;
    const body = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const answers = await Promise.all([
      fetch(new Request(path, { method: "POST", body })),
      fetch(new URL(path), { method: "post", body }),
      fetch(path, { method: "POST", body: new TextEncoder().encode(body) }),
      fetch(path, { method: "POST", body: new TextEncoder().encode(body).buffer }),
      fetch(path, { method: "POST", body: new DataView(new TextEncoder().encode(`{}${body}`).buffer, 2) }),
      fetch(path, { method: "POST", body: new Blob([body]) }),
      fetch(path, { method: "POST", body: stream, duplex: "half" }),
    ]);
    for (const answer of answers) expect(await answer.text()).toBe(ANSWER);
    await Telltale.flush();
    expect(sink.spans).toHaveLength(7);
    const told = sink.spans.filter(({ attributes }) => attributes["gen_ai.request.model"] === "m");
    expect(told).toHaveLength(6);
  });

  it("keeps its own place in fetch, and gives it back", async () => {
    const watched = globalThis.fetch;
    expect(watched.name).toBe("fetch");
    await Telltale.shutdown();
    expect(globalThis.fetch).not.toBe(watched);
    await expect(fetch("http://127.0.0.1:9/v1/chat/completions", { method: "POST" })).rejects.toThrow("fetch failed");
  });
});
