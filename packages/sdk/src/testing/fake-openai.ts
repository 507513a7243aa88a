import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

/** A request that the server got. */
export interface FakeRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that speaks OpenAI's API; the model's name says what happens. */
export interface FakeOpenai {
  readonly baseUrl: string;
  readonly requests: FakeRequest[];
  stop(): Promise<void>;
}

const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 7,
  total_tokens: 27,
  prompt_tokens_details: { cached_tokens: 16 },
  completion_tokens_details: { reasoning_tokens: 3 },
};
const CALLS = [
  { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } },
  { id: "call_2", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
];

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages?: readonly { readonly content: string }[];
}

/** Starts one on loopback. */
export async function startFakeOpenai(): Promise<FakeOpenai> {
  const requests: FakeRequest[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      const path = request.url ?? "";
      requests.push({ path, headers: request.headers, body });
      const asked = JSON.parse(body) as Asked;
      if (path.endsWith("/embeddings")) return embeddings(response, asked);
      if (path.endsWith("/responses")) return responses(response, asked);
      return chat(response, asked, requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

function error(response: ServerResponse, status: number, code: string): void {
  json(response, status, { error: { message: `refused: ${code}`, type: code, code } }, { "retry-after-ms": "1" });
}

function chat(response: ServerResponse, asked: Asked, count: number): void {
  const { model } = asked;
  if (model === "never") return;
  if (model === "limited") return error(response, 429, "rate_limit_exceeded");
  if (model === "broken-once" && count % 2 === 1) return error(response, 500, "server_error");
  if (model === "broken") return error(response, 500, "server_error");
  if (model === "drop") return void response.destroy();
  if (asked.stream === true) return streamChat(response, asked);
  const content = model === "echo" ? (asked.messages?.at(-1)?.content ?? "") : contentOf(model);
  const message = model === "tools" ? { content: null, tool_calls: CALLS } : { content };
  const answer = {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: `${model}-2026`,
    service_tier: "default",
    choices: [
      {
        index: 0,
        message: { role: "assistant", ...message },
        finish_reason: model === "tools" ? "tool_calls" : "stop",
      },
    ],
    usage: USAGE,
  };
  if (model !== "zipped") return json(response, 200, answer);
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  response.end(gzipSync(JSON.stringify(answer)));
}

function contentOf(model: string): string {
  if (model === "json") return '{"city":"Oslo","degrees":3}';
  if (model === "bad-json") return '{"city":"Oslo","degr';
  if (model === "bad-schema") return '{"city":"Oslo","degrees":"three"}';
  return "Grüße aus 東京 🗼";
}

function streamChat(response: ServerResponse, asked: Asked): void {
  const { model } = asked;
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (choices: readonly unknown[], more: object = {}): void => {
    const chunk = { id: "chatcmpl-2", object: "chat.completion.chunk", model: `${model}-2026`, choices, ...more };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const deltas: readonly object[] =
    model === "tools"
      ? CALLS.flatMap(({ id, type, function: { name, arguments: text } }, index) => [
          { tool_calls: [{ index, id, type, function: { name, arguments: "" } }] },
          { tool_calls: [{ index, function: { arguments: text.slice(0, 5) } }] },
          { tool_calls: [{ index, function: { arguments: text.slice(5) } }] },
        ])
      : ["Grüße ", "aus ", "東京 ", "🗼"].map((content) => ({ content }));
  send([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
  let sent = 0;
  const step = (): void => {
    const delta = deltas[sent++ % (model === "endless" ? deltas.length : Number.POSITIVE_INFINITY)];
    if (response.destroyed) return;
    if (delta !== undefined) send([{ index: 0, delta, finish_reason: null }]);
    if (sent === 2 && model === "cut") return void setTimeout(() => response.destroy(), 5);
    if (sent === 2 && model === "stopped") return void response.end();
    if (delta !== undefined) return void setTimeout(step, 2);
    send([{ index: 0, delta: {}, finish_reason: model === "tools" ? "tool_calls" : "stop" }]);
    if (asked.stream_options?.include_usage === true) send([], { usage: USAGE });
    response.end("data: [DONE]\n\n");
  };
  step();
}

function embeddings(response: ServerResponse, { model }: Asked): void {
  const embedding = Buffer.from(Float32Array.of(0.5, 0.25, 1).buffer).toString("base64");
  const usage = { prompt_tokens: 4, total_tokens: 4 };
  json(response, 200, { object: "list", data: [{ object: "embedding", index: 0, embedding }], model, usage });
}

function responses(response: ServerResponse, { model, stream }: Asked): void {
  const content = [{ type: "output_text", text: "Hei verden", annotations: [] }];
  const output = [
    { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "A greeting." }] },
    { id: "msg_1", type: "message", role: "assistant", status: "completed", content },
  ];
  const usage = {
    input_tokens: 11,
    input_tokens_details: { cached_tokens: 2 },
    output_tokens: 6,
    output_tokens_details: { reasoning_tokens: 4 },
    total_tokens: 17,
  };
  const whole = { id: "resp_1", object: "response", model, status: "completed", error: null, output, usage };
  if (stream !== true) return json(response, 200, whole);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, fields: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  };
  send("response.created", { response: { ...whole, status: "in_progress", output: [], usage: null } });
  send("response.output_item.added", { output_index: 1, item: { ...output[1], content: [] } });
  send("response.output_text.delta", { output_index: 1, item_id: "msg_1", content_index: 0, delta: "Hei " });
  if (model === "cut") return void setTimeout(() => response.destroy(), 20);
  send("response.output_text.delta", { output_index: 1, item_id: "msg_1", content_index: 0, delta: "verden" });
  send("response.completed", { response: whole });
  response.end();
}
