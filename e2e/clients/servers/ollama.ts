import type { Reply, Script } from "../testing/scripted-server.ts";

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly prompt?: string;
  readonly input?: string | readonly string[];
}

const COUNTS = {
  done: true,
  done_reason: "stop",
  total_duration: 4_935_886_791,
  load_duration: 534_986_708,
  prompt_eval_count: 26,
  prompt_eval_duration: 107_345_000,
  eval_count: 7,
  eval_duration: 4_289_432_000,
};
const CALLS = ["Oslo", "東京"].map((city) => ({ function: { name: "weather", arguments: { city } } }));
const LINES = { "content-type": "application/x-ndjson" };

/** Ollama's API as the scenarios need it; the model's name says what happens. */
export const ollamaScript: Script = ({ path, body }) => {
  const asked = body as Asked;
  const { model } = asked;
  if (model === "never") return "hang";
  if (model === "drop") return "drop";
  if (model === "missing") return { status: 404, json: { error: `model "${model}" not found, try pulling it first` } };
  if (model === "limited") return { status: 429, json: { error: "too many requests" } };
  if (model === "broken") return { status: 500, json: { error: "llama runner process has terminated" } };
  if (path === "/api/embed") return embed(asked);
  if (path === "/api/embeddings") return { json: { embedding: [0.5, 0.25, 1, 0] } };
  if (path !== "/api/chat" && path !== "/api/generate") return { status: 404, bytes: "404 page not found" };
  if (asked.messages?.length === 0)
    return { json: { model, message: { role: "assistant", content: "" }, done: true, done_reason: "load" } };
  return asked.stream === true ? streamed(asked, path) : whole(asked, path);
};

function embed({ model, input }: Asked): Reply {
  const count = Array.isArray(input) ? input.length : 1;
  const embeddings = Array.from({ length: count }, () => [0.5, 0.25, 1]);
  return {
    json: { model, embeddings, total_duration: 14_143_917, load_duration: 1_019_500, prompt_eval_count: 4 * count },
  };
}

function textFor({ model, messages, prompt }: Asked): string {
  if (model === "json") return '{"city":"Oslo","degrees":3}';
  if (model === "bad-json") return '{"city":"Oslo","degr';
  if (model === "bad-schema") return '{"city":"Oslo","degrees":"three"}';
  if (model === "unicode") return "Grüße aus 東京 🗼";
  return `You said: ${(messages?.at(-1)?.content ?? prompt ?? "").slice(0, 60)}`;
}

/** Pieces as `/api/chat` and `/api/generate` have them. */
function piece(path: string, { model }: Asked, content: string, more: object = {}): object {
  const said =
    path === "/api/chat" ? { message: { role: "assistant", content, ...more } } : { response: content, ...more };
  return { model, created_at: "2026-11-25T10:00:00Z", ...said, done: false };
}

function isCalled({ model, messages }: Asked): boolean {
  return model.startsWith("tools") && messages?.at(-1)?.role !== "tool";
}

function whole(asked: Asked, path: string): Reply {
  const calls = asked.model === "tools" ? CALLS.slice(0, 1) : CALLS;
  const more = {
    ...(isCalled(asked) ? { tool_calls: calls } : {}),
    ...(asked.model === "thinks" ? { thinking: "Let me see." } : {}),
  };
  const counts = asked.model === "cached" ? { ...COUNTS, prompt_eval_count: undefined } : COUNTS;
  return { json: { ...piece(path, asked, isCalled(asked) ? "" : textFor(asked), more), ...counts } };
}

function streamed(asked: Asked, path: string): Reply {
  const { model } = asked;
  const text = model === "endless" ? "on ".repeat(2000) : textFor(asked);
  const words = isCalled(asked) ? [] : text.split(/(?<= )/);
  const pieces = [
    ...(model === "thinks"
      ? [piece(path, asked, "", { thinking: "Let me " }), piece(path, asked, "", { thinking: "see." })]
      : []),
    ...(isCalled(asked) ? [piece(path, asked, "", { tool_calls: CALLS })] : []),
    ...words.map((word) => piece(path, asked, word)),
  ];
  const last = { ...piece(path, asked, ""), ...COUNTS };
  if (model === "fails")
    return {
      headers: LINES,
      pieces: lines([...pieces.slice(0, 2), { error: "an error was encountered while running the model" }]),
    };
  if (model === "cut") return { headers: LINES, pieces: lines(pieces.slice(0, 2)), end: "cut" };
  if (model === "stopped") return { headers: LINES, pieces: lines(pieces.slice(0, 2)) };
  return { headers: LINES, pieces: lines([...pieces, last]) };
}

function* lines(values: Iterable<object>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}
