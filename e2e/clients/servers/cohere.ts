import { EVENT_STREAM, namedEvents, type Reply, type Script } from "../testing/scripted-server.ts";

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
  readonly texts?: readonly string[];
  readonly documents?: readonly string[];
}

const USAGE = {
  billed_units: { input_tokens: 5, output_tokens: 7 },
  tokens: { input_tokens: 71, output_tokens: 9 },
  cached_tokens: 64,
};
const CALL = { id: "weather_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } };

/** Cohere's API as the scenarios need it; the model's name says what happens. */
export const cohereScript: Script = ({ path, body }) => {
  const asked = body as Asked;
  if (asked.model === "never") return "hang";
  if (asked.model === "broken") return { status: 500, json: { id: "e2", message: "Something broke." } };
  if (asked.model === "limited") return { status: 429, json: { id: "e1", message: "You are past your limit." } };
  if (path.endsWith("/rerank")) return rerank();
  if (path.endsWith("/embed")) return embed(asked);
  if (!path.endsWith("/v2/chat")) return { status: 404, json: { message: "not found" } };
  return asked.stream === true ? streamed(asked) : chat(asked);
};

function textFor({ model, messages }: Asked): string {
  if (model === "bad-json") return '{"city":"Oslo","degr';
  if (model === "unicode") return "Grüße aus 東京 🗼 — naïve, \u{1F468}\u200D\u{1F469}\u200D\u{1F467}";
  if (model === "json") return '{"city":"Oslo"}';
  return `You said: ${String(messages?.at(-1)?.content).slice(0, 50)}`;
}

function isCalled({ model, messages }: Asked): boolean {
  return model?.startsWith("tools") && messages?.at(-1)?.role !== "tool";
}

function callsOf({ model }: Asked): readonly object[] {
  const second = { ...CALL, id: "weather_2", function: { name: "weather", arguments: '{"city":"東京"}' } };
  return model === "tools" ? [CALL] : [CALL, second];
}

function chat(asked: Asked): Reply {
  const message = isCalled(asked)
    ? { role: "assistant", tool_plan: "I will look it up.", tool_calls: callsOf(asked) }
    : { role: "assistant", content: [{ type: "text", text: textFor(asked) }] };
  return { json: { id: "c1", finish_reason: isCalled(asked) ? "TOOL_CALL" : "COMPLETE", message, usage: USAGE } };
}

function streamed(asked: Asked): Reply {
  const isEndless = asked.model === "endless";
  const words = isEndless ? Array.from({ length: 2000 }, () => "on ") : textFor(asked).split(/(?<= )/);
  const text = (word: string): object => ({ delta: { message: { content: { text: word } } } });
  const all = [
    {
      type: "message-start",
      id: "c2",
      delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] } },
    },
    { type: "content-start", index: 0, delta: { message: { content: { type: "text", text: "" } } } },
    ...words.map((word) => ({ type: "content-delta", index: 0, ...text(word) })),
    { type: "content-end", index: 0 },
    { type: "message-end", delta: { finish_reason: "COMPLETE", usage: USAGE } },
  ];
  if (asked.model === "cut") return { headers: EVENT_STREAM, pieces: namedEvents(all.slice(0, 4)), end: "cut" };
  return { headers: EVENT_STREAM, pieces: namedEvents(all) };
}

function embed({ texts = [] }: Asked): Reply {
  const float = texts.map(() => [0.5, 0.25, 1]);
  const meta = { api_version: { version: "2" }, billed_units: { input_tokens: 4 } };
  return { json: { id: "m1", embeddings: { float }, texts, response_type: "embeddings_by_type", meta } };
}

function rerank(): Reply {
  const results = [
    { index: 1, relevance_score: 0.98 },
    { index: 0, relevance_score: 0.12 },
  ];
  return { json: { id: "r1", results, meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } } } };
}
