import { EVENT_STREAM, events, type Reply, type ServedRequest } from "../testing/scripted-server.ts";

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
}

const CALLS = [
  { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } },
  { id: "call_2", type: "function", function: { name: "weather", arguments: '{"city":"東京"}' } },
];

/** OpenAI's API as the scenarios need it; the model's name says what happens. */
export function openaiScript(request: ServedRequest): Reply {
  const asked = request.body as Asked;
  if (asked.model === "never") return "hang";
  if (asked.model === "drop") return "drop";
  if (asked.model === "limited") return refused(429, "rate_limit_exceeded", { "retry-after-ms": "1" });
  if (asked.model === "broken") return refused(500, "server_error", {});
  if (request.path.endsWith("/embeddings")) return embeddings(asked);
  if (request.path.endsWith("/chat/completions")) return asked.stream === true ? streamed(asked) : chat(asked);
  return refused(404, "not_found", {});
}

function refused(status: number, code: string, headers: Readonly<Record<string, string>>): Reply {
  return { status, headers, json: { error: { message: `Refused: ${code}.`, type: code, param: null, code } } };
}

/** What the model says: the same for the same question. */
function messageFor({ model, messages }: Asked): { readonly content: string | null; readonly tool_calls?: unknown } {
  const last = messages.at(-1);
  if (model.startsWith("tools") && last?.role !== "tool") {
    return { content: null, tool_calls: model === "tools" ? CALLS.slice(0, 1) : CALLS };
  }
  if (model === "json") return { content: '{"city":"Oslo","degrees":3}' };
  if (model === "bad-json") return { content: '{"city":"Oslo","degr' };
  if (model === "bad-schema") return { content: '{"city":"Oslo","degrees":"three"}' };
  if (model === "unicode") return { content: "Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧" };
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
          finish_reason: message.tool_calls === undefined ? "stop" : "tool_calls",
        },
      ],
      usage: USAGE,
    },
  };
}

function streamed(asked: Asked): Reply {
  const { content, tool_calls: calls } = messageFor(asked);
  const chunk = (delta: object, finish_reason: string | null = null): unknown => ({
    id: "chatcmpl-2",
    object: "chat.completion.chunk",
    created: 1_795_000_000,
    model: `${asked.model}-2026-11-01`,
    choices: [{ index: 0, delta, finish_reason }],
    usage: null,
  });
  const words = asked.model === "endless" ? Array.from({ length: 2000 }, () => "on ") : (content ?? "").split(/(?<= )/);
  const cut = asked.model === "cut" || asked.model === "stopped";
  const chunks = [
    chunk({ role: "assistant", content: calls === undefined ? "" : null }),
    ...(calls === undefined
      ? words.map((word) => chunk({ content: word }))
      : CALLS.flatMap(callDeltas).map((delta) => chunk(delta))),
    chunk({}, calls === undefined ? "stop" : "tool_calls"),
    ...(asked.stream_options?.include_usage === true ? [{ ...(chunk({}) as object), choices: [], usage: USAGE }] : []),
  ];
  return {
    headers: EVENT_STREAM,
    pieces: cut ? events(chunks.slice(0, 3)) : events(chunks, "[DONE]"),
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

function embeddings({ model, input }: Asked): Reply {
  const count = Array.isArray(input) ? input.length : 1;
  const embedding = Buffer.from(Float32Array.of(0.5, 0.25, 1).buffer).toString("base64");
  const data = Array.from({ length: count }, (_, index) => ({ object: "embedding", index, embedding }));
  return { json: { object: "list", data, model, usage: { prompt_tokens: 4 * count, total_tokens: 4 * count } } };
}
