import { EVENT_STREAM, namedEvents, type Reply, type ServedRequest } from "../testing/scripted-server.ts";

interface Asked {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

const CREATION = { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 60 };
const USAGE = {
  input_tokens: 18,
  output_tokens: 25,
  cache_creation_input_tokens: 100,
  cache_read_input_tokens: 512,
  cache_creation: CREATION,
  service_tier: "standard",
  inference_geo: "global",
};
const STEP = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

/** A turn in which another model gave advice, which the totals leave out. */
const ADVISED = {
  input_tokens: 2390,
  output_tokens: 121,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens_details: { thinking_tokens: 28 },
  server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
  iterations: [
    { ...STEP, type: "message", input_tokens: 1128, output_tokens: 110 },
    { ...STEP, type: "advisor_message", model: "claude-opus-4-8", input_tokens: 2518, output_tokens: 22 },
    { ...STEP, type: "message", input_tokens: 1262, output_tokens: 11 },
  ],
};

const CALLS = [
  { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } },
  { type: "tool_use", id: "toolu_2", name: "weather", input: { city: "東京" } },
];
const SEARCHED = [
  { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "tides" } },
  {
    type: "web_search_tool_result",
    tool_use_id: "srvtoolu_1",
    content: [
      { type: "web_search_result", url: "https://tides.example", title: "Tides", encrypted_content: "EqRkLongCipher" },
    ],
  },
  { type: "text", text: "High water at noon.", citations: null },
];

/** Anthropic's API as the scenarios need it; the model's name says what happens. */
export function anthropicScript(request: ServedRequest): Reply {
  const asked = request.body as Asked;
  // Vertex AI has the model in the path.
  const model = asked.model ?? /\/models\/([^:]+):/.exec(request.path)?.[1] ?? "claude";
  if (request.path.endsWith("/count_tokens")) return { json: { input_tokens: 2095 } };
  if (model === "never") return "hang";
  if (model === "drop") return "drop";
  if (model === "limited") return refused(429, "rate_limit_error");
  if (model === "broken") return refused(500, "api_error");
  return asked.stream === true ? streamed(asked, model) : whole(asked, model);
}

function refused(status: number, type: string): Reply {
  const headers = { "request-id": "req_2" };
  return {
    status,
    headers,
    json: { type: "error", error: { type, message: `Refused: ${type}.` }, request_id: "req_2" },
  };
}

/** What the model says: the same for the same question. */
export function anthropicMessage(asked: Asked, model: string): Record<string, unknown> {
  const { content, reason } = contentFor(asked, model);
  return {
    id: "msg_01",
    type: "message",
    role: "assistant",
    model: model === "advised" ? "claude-sonnet-5" : `${model}-20261101`,
    content,
    stop_reason: reason,
    stop_sequence: null,
    ...(reason === "refusal" ? { stop_details: { category: "cyber", explanation: null } } : {}),
    usage: model === "advised" ? ADVISED : USAGE,
  };
}

function contentFor(
  { messages }: Asked,
  model: string,
): { readonly content: readonly object[]; readonly reason: string } {
  const last = messages.at(-1)?.content;
  const said = (text: string, reason = "end_turn") => ({ content: [{ type: "text", text, citations: null }], reason });
  const isResult = Array.isArray(last) && JSON.stringify(last).includes("tool_result");
  if (model.startsWith("tools") && !isResult) {
    return { content: model === "tools" ? CALLS.slice(0, 1) : CALLS, reason: "tool_use" };
  }
  if (model === "thinks") {
    const thoughts = { type: "thinking", thinking: "The user greets me.", signature: "c2lnbmF0dXJl" };
    return {
      content: [thoughts, { type: "redacted_thinking", data: "c2VjcmV0" }, ...said("Hello!").content],
      reason: "end_turn",
    };
  }
  if (model === "advised") return { content: SEARCHED, reason: "end_turn" };
  if (model === "json") return said('{"city":"Oslo","degrees":3}');
  if (model === "bad-json") return said('{"city":"Oslo","degr', "max_tokens");
  if (model === "bad-schema") return said('{"city":"Oslo","degrees":"three"}');
  if (model === "unicode") return said("Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧");
  if (model === "refuses") return { content: [], reason: "refusal" };
  return said(`You said: ${(typeof last === "string" ? last : JSON.stringify(last)).slice(0, 100)}`);
}

function whole(asked: Asked, model: string): Reply {
  return { headers: { "request-id": "req_1" }, json: anthropicMessage(asked, model) };
}

function streamed(asked: Asked, model: string): Reply {
  const all = anthropicEvents(asked, model);
  const isCut = model === "cut" || model === "stopped";
  const sent = isCut ? all.slice(0, 4) : all;
  const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  return {
    headers: { ...EVENT_STREAM, "request-id": "req_1" },
    pieces: namedEvents(model === "overloaded" ? [...all.slice(0, 4), overloaded] : sent),
    end: model === "cut" ? "cut" : "well",
  };
}

/** The same message in the events of a stream. */
export function anthropicEvents(asked: Asked, model: string): { readonly type: string }[] {
  const message = anthropicMessage(asked, model);
  const { stop_reason, stop_details, usage, content } = message;
  const blocks = content as Record<string, unknown>[];
  const started = {
    ...message,
    content: [],
    stop_reason: null,
    usage: { ...(usage as object), output_tokens: 1, iterations: null },
  };
  const delta = { stop_reason, stop_sequence: null, stop_details };
  const last = { input_tokens: null, ...(model === "advised" ? ADVISED : { output_tokens: 25 }) };
  return [
    { type: "message_start", message: started },
    { type: "ping" },
    ...blocks.flatMap((block, index) => blockEvents(block, index, model)),
    { type: "message_delta", delta, usage: last },
    { type: "message_stop" },
  ] as { readonly type: string }[];
}

function blockEvents(block: Record<string, unknown>, index: number, model: string): object[] {
  const delta = (value: object): object => ({ type: "content_block_delta", index, delta: value });
  const words = (text: unknown): string[] => String(text).split(/(?<= )/);
  let empty: object = block;
  let deltas: object[] = [];
  if (block["type"] === "text") {
    empty = { ...block, text: "" };
    const all = model === "endless" ? Array.from({ length: 2000 }, () => "on ") : words(block["text"]);
    deltas = all.map((text) => delta({ type: "text_delta", text }));
  } else if (block["type"] === "thinking") {
    empty = { ...block, thinking: "", signature: "" };
    deltas = words(block["thinking"]).map((thinking) => delta({ type: "thinking_delta", thinking }));
    deltas.push(delta({ type: "signature_delta", signature: block["signature"] }));
  } else if (String(block["type"]).endsWith("tool_use")) {
    empty = { ...block, input: {} };
    const json = JSON.stringify(block["input"]);
    deltas = ["", json.slice(0, 7), json.slice(7)].map((partial_json) =>
      delta({ type: "input_json_delta", partial_json }),
    );
  }
  return [
    { type: "content_block_start", index, content_block: empty },
    ...deltas,
    { type: "content_block_stop", index },
  ];
}
