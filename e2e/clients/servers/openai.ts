import {
  EVENT_STREAM,
  events,
  namedEvents,
  type Reply,
  type Script,
  type ServedRequest,
} from "../testing/scripted-server.ts";

const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 7,
  total_tokens: 27,
  prompt_tokens_details: { cached_tokens: 16, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 3, audio_tokens: 0 },
};

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly input?: unknown;
  readonly background?: boolean;
  readonly encoding_format?: string;
}

const CALLS = [
  { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } },
  { id: "call_2", type: "function", function: { name: "weather", arguments: '{"city":"東京"}' } },
];

/** OpenAI's API as the scenarios need it; the model's name says what happens. */
export const openaiScript: Script = (request) => newOpenaiScript()(request);

/** The same with a memory of the answers that it makes in the background. */
export function newOpenaiScript(): Script {
  let looks = 0;
  return (request) => {
    const asked = (request.body ?? {}) as Asked;
    const { path } = request;
    if (asked.model === "never") return "hang";
    if (asked.model === "drop") return "drop";
    if (asked.model === "limited") return refused(429, "rate_limit_exceeded", { "retry-after-ms": "1" });
    if (asked.model === "broken") return refused(500, "server_error", {});
    if (path.endsWith("/chat/completions")) return asked.stream === true ? streamed(asked) : chat(asked);
    if (path.endsWith("/completions")) return completion(asked);
    if (path.endsWith("/embeddings")) return embeddings(asked);
    if (path.endsWith("/moderations")) return moderation();
    if (path.includes("/images/")) return image(asked);
    if (path.includes("/audio/")) return audio(request);
    if (path.endsWith("/cancel"))
      return { json: response("resp_bg_cancel", { status: "cancelled", background: true, output: [], usage: null }) };
    if (/\/responses\/[^/]+$/.test(path)) return looked(path, ++looks);
    return path.endsWith("/responses") ? responses(asked) : refused(404, "not_found", {});
  };
}

function refused(status: number, code: string, headers: Readonly<Record<string, string>>): Reply {
  return { status, headers, json: { error: { message: `Refused: ${code}.`, type: code, param: null, code } } };
}

/** What the model says: the same for the same question. */
function messageFor({ model, messages }: Asked): { readonly content: string | null; readonly [more: string]: unknown } {
  const last = messages.at(-1);
  if (model.startsWith("tools") && last?.role !== "tool") {
    return { content: null, tool_calls: model === "tools" ? CALLS.slice(0, 1) : CALLS };
  }
  if (model === "strict-tools")
    return { content: null, tool_calls: [{ ...CALLS[0], function: { name: "weather", arguments: "{}" } }] };
  if (model === "refuses") return { content: null, refusal: "I cannot help with that." };
  if (model === "json") return { content: '{"city":"Oslo","degrees":3}' };
  if (model === "bad-json") return { content: '{"city":"Oslo","degr' };
  if (model === "bad-schema") return { content: '{"city":"Oslo","degrees":"three"}' };
  if (model === "unicode") return { content: "Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧 \u0000" };
  const text = typeof last?.content === "string" ? last.content : "something";
  return { content: `You said: ${text.slice(0, 100)}` };
}

function chat(asked: Asked): Reply {
  const message = messageFor(asked);
  return {
    headers: { "x-request-id": "req_1" },
    json: {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_795_000_000,
      model: `${asked.model}-2026-11-01`,
      service_tier: "default",
      system_fingerprint: "fp_1",
      choices: [
        {
          index: 0,
          message: { role: "assistant", refusal: null, ...message },
          logprobs: null,
          finish_reason: message["tool_calls"] === undefined ? "stop" : "tool_calls",
        },
      ],
      usage: USAGE,
    },
  };
}

function streamed(asked: Asked): Reply {
  const { content, tool_calls: calls } = messageFor(asked);
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    id: "chatcmpl-2",
    object: "chat.completion.chunk",
    created: 1_795_000_000,
    model: `${asked.model}-2026-11-01`,
    choices: [{ index: 0, delta, finish_reason }],
    usage: null,
  });
  const endless = asked.model === "endless";
  const words = endless ? Array.from({ length: 2000 }, () => "on ") : (content ?? "").split(/(?<= )/);
  const deltas = calls === undefined ? words.map((word) => ({ content: word })) : CALLS.flatMap(callDeltas);
  const chunks = [
    chunk({ role: "assistant", content: calls === undefined ? "" : null }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, calls === undefined ? "stop" : "tool_calls"),
    ...(asked.stream_options?.include_usage === true ? [{ ...chunk({}), choices: [], usage: USAGE }] : []),
  ];
  const isCut = asked.model === "cut" || asked.model === "stopped";
  return {
    headers: EVENT_STREAM,
    pieces: isCut ? events(chunks.slice(0, 3)) : events(chunks, "[DONE]"),
    end: asked.model === "cut" ? "cut" : "well",
  };
}

function callDeltas(
  { id, type, function: { name, arguments: text } }: (typeof CALLS)[number],
  index: number,
): object[] {
  return [
    { tool_calls: [{ index, id, type, function: { name, arguments: "" } }] },
    { tool_calls: [{ index, function: { arguments: text.slice(0, 6) } }] },
    { tool_calls: [{ index, function: { arguments: text.slice(6) } }] },
  ];
}

function completion({ model }: Asked): Reply {
  const choices = [{ index: 0, text: " upon a time", logprobs: null, finish_reason: "length" }];
  return {
    json: {
      id: "cmpl-1",
      object: "text_completion",
      created: 1,
      model,
      choices,
      usage: { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 },
    },
  };
}

function embeddings({ model, input, encoding_format: format }: Asked): Reply {
  const count = Array.isArray(input) ? input.length : 1;
  const vector = [0.5, 0.25, 1];
  const embedding = format === "float" ? vector : Buffer.from(Float32Array.from(vector).buffer).toString("base64");
  const data = Array.from({ length: count }, (_, index) => ({ object: "embedding", index, embedding }));
  return { json: { object: "list", data, model, usage: { prompt_tokens: 4 * count, total_tokens: 4 * count } } };
}

function moderation(): Reply {
  const result = {
    flagged: true,
    categories: { hate: false, violence: true },
    category_scores: { hate: 0.01, violence: 0.98 },
  };
  return { json: { id: "modr-1", model: "omni-moderation-2026", results: [result] } };
}

/** A picture of so many bytes, whose base64 nobody should find again. */
export const PICTURE: string = Buffer.alloc(3000, "picture").toString("base64");

function image(asked: Asked): Reply {
  const usage = {
    input_tokens: 50,
    output_tokens: 4160,
    total_tokens: 4210,
    input_tokens_details: { text_tokens: 10, image_tokens: 40 },
  };
  if (asked.stream === true) {
    const picture = { b64_json: PICTURE, output_format: "png", size: "1024x1024" };
    const last = { type: "image_generation.completed", ...picture, usage };
    const first = { type: "image_generation.partial_image", partial_image_index: 0, ...picture };
    return { headers: EVENT_STREAM, pieces: namedEvents([first, last]) };
  }
  return { json: { created: 1, size: "1024x1024", data: [{ b64_json: PICTURE }], output_format: "png", usage } };
}

function audio({ path }: ServedRequest): Reply {
  if (path.endsWith("/speech"))
    return { headers: { "content-type": "audio/mpeg" }, bytes: Buffer.alloc(5000, "sound") };
  const usage = {
    type: "tokens",
    input_tokens: 14,
    input_token_details: { text_tokens: 4, audio_tokens: 10 },
    output_tokens: 5,
    total_tokens: 19,
  };
  const text = path.endsWith("/translations") ? "Good morning" : "Guten Morgen";
  return { json: path.endsWith("/translations") ? { text } : { text, usage } };
}

const RESPONSE_USAGE = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 2, cache_write_tokens: 0 },
  output_tokens: 6,
  output_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 17,
};

function response(id: string, more: object): { readonly id: string; readonly [more: string]: unknown } {
  const object = {
    object: "response",
    created_at: 1_795_000_000,
    model: "o9-2026",
    error: null,
    incomplete_details: null,
  };
  return {
    id,
    ...object,
    status: "completed",
    output: saying("Hei verden"),
    usage: RESPONSE_USAGE,
    tools: [],
    ...more,
  };
}

function saying(text: string): readonly object[] {
  const content = [{ type: "output_text", text, annotations: [] }];
  return [
    { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "A greeting." }] },
    { id: "msg_1", type: "message", role: "assistant", status: "completed", content },
  ];
}

const BUILT_IN = [
  { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "weather" } },
  {
    id: "ws_2",
    type: "web_search_call",
    status: "completed",
    action: { type: "open_page", url: "https://example.com" },
  },
  { id: "fs_1", type: "file_search_call", status: "completed", queries: ["x"], results: null },
  { id: "ci_1", type: "code_interpreter_call", status: "completed", container_id: "c", code: "1+1", outputs: [] },
  { id: "mcp_1", type: "mcp_call", name: "lookup", arguments: "{}", server_label: "s", output: "found" },
  { id: "ig_1", type: "image_generation_call", status: "completed", result: PICTURE, output_format: "png" },
];

function responses(asked: Asked): Reply {
  const { model, stream, background } = asked;
  if (background === true)
    return {
      json: response(`resp_bg_${String(asked.input)}`, { status: "queued", background, output: [], usage: null }),
    };
  if (model === "built-in") return { json: response("resp_2", { output: [...BUILT_IN, ...saying("Done")] }) };
  if (model === "calls") {
    const call = {
      id: "fc_1",
      type: "function_call",
      call_id: "call_1",
      name: "weather",
      arguments: '{"city":"Oslo"}',
    };
    return { json: response("resp_3", { output: [call] }) };
  }
  const whole = response("resp_1", { model: `${model}-2026` });
  if (stream !== true) return { json: whole };
  const begun = { ...whole, status: "in_progress", output: [], usage: null };
  const place = { output_index: 1, item_id: "msg_1", content_index: 0 };
  const all = [
    { type: "response.created", sequence_number: 0, response: begun },
    {
      type: "response.output_item.added",
      sequence_number: 1,
      output_index: 1,
      item: { id: "msg_1", type: "message", role: "assistant", content: [] },
    },
    {
      type: "response.content_part.added",
      sequence_number: 2,
      ...place,
      part: { type: "output_text", text: "", annotations: [] },
    },
    { type: "response.output_text.delta", sequence_number: 3, ...place, delta: "Hei " },
    { type: "response.output_text.delta", sequence_number: 4, ...place, delta: "verden" },
    { type: "response.completed", sequence_number: 5, response: whole },
  ];
  return {
    headers: EVENT_STREAM,
    pieces: namedEvents(model === "cut" ? all.slice(0, 4) : all),
    end: model === "cut" ? "cut" : "well",
  };
}

/** The answer is there at the third look. */
function looked(path: string, looks: number): Reply {
  const id = path.slice(path.lastIndexOf("/") + 1);
  if (id === "resp_lost") return refused(404, "not_found", {});
  if (!id.startsWith("resp_bg_")) return { json: response(id, {}) };
  const there = looks > 2 ? {} : { status: "in_progress", output: [], usage: null };
  return { json: response(id, { background: true, ...there }) };
}
