import { EVENT_STREAM, events, type Reply, type ServedRequest } from "../testing/scripted-server.ts";
import { openaiScript } from "./openai.ts";

interface Call {
  readonly name: string;
  readonly arguments: string;
}

interface AskedMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly function: Call }[];
}

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages: readonly AskedMessage[];
}

const USAGE = { prompt_tokens: 30, completion_tokens: 9, total_tokens: 39 };

/**
 * A model that does as it is told: `CALL weather {"city":"Oslo"}` in the system's or the user's words
 * makes it call the tool, several in one turn until `THEN`, which begins the next turn; what it has
 * called already it does not call again, unless it is told `FOREVER`. Then it says what it
 * heard last. Without such words it is the model of `openai.ts`.
 */
export function agentScript(request: ServedRequest): Reply {
  const asked = request.body as Asked;
  if (!request.path.endsWith("/chat/completions")) return openaiScript(request);
  const orders = asked.messages.filter(({ role }) => role === "system" || role === "developer" || role === "user");
  const text = orders.map(({ content }) => textOf(content)).join("\n");
  if (!text.includes("CALL ")) return openaiScript(request);
  const turns = text.split("THEN").map((turn) => callsIn(turn));
  const done = new Set(
    asked.messages.flatMap((message) => (message.tool_calls ?? []).map((call) => keyOf(call.function))),
  );
  const next = text.includes("FOREVER") ? turns[0] : turns.find((turn) => turn.some((call) => !done.has(keyOf(call))));
  const count = asked.messages.length;
  const content = next === undefined ? `Done: ${textOf(asked.messages.at(-1)?.content)}` : null;
  const calls = (next ?? []).map((call, index) => ({
    index,
    id: `call_${count}_${index}`,
    type: "function",
    function: call,
  }));
  return asked.stream === true ? streamed(asked, content, calls) : whole(asked, content, calls);
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as readonly { readonly text?: string }[]).map(({ text }) => text ?? "").join("");
}

function callsIn(turn: string): readonly Call[] {
  return [...turn.matchAll(/CALL (\S+) (\{[^\n]*?\})(?=\s|$)/g)].map(([, name = "", args = "{}"]) => {
    return { name, arguments: args };
  });
}

function keyOf({ name, arguments: args }: Call): string {
  return `${name} ${JSON.stringify(JSON.parse(args === "" ? "{}" : args))}`;
}

function whole({ model, messages }: Asked, content: string | null, calls: readonly object[]): Reply {
  const message = { role: "assistant", content, refusal: null, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
  return {
    json: {
      id: `chatcmpl-${messages.length}`,
      object: "chat.completion",
      created: 1_795_000_000,
      model: `${model}-2026-11-01`,
      choices: [{ index: 0, message, logprobs: null, finish_reason: calls.length > 0 ? "tool_calls" : "stop" }],
      usage: USAGE,
    },
  };
}

function streamed(asked: Asked, content: string | null, calls: readonly object[]): Reply {
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    id: `chatcmpl-${asked.messages.length}`,
    object: "chat.completion.chunk",
    created: 1_795_000_000,
    model: `${asked.model}-2026-11-01`,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const words = (content ?? "").split(/(?<= )/).filter((word) => word !== "");
  const chunks = [
    chunk({ role: "assistant", content: content === null ? null : "" }),
    ...words.map((word) => chunk({ content: word })),
    ...calls.map((call) => chunk({ tool_calls: [call] })),
    chunk({}, calls.length > 0 ? "tool_calls" : "stop"),
    ...(asked.stream_options?.include_usage === true ? [{ ...chunk({}), choices: [], usage: USAGE }] : []),
  ];
  return { headers: EVENT_STREAM, pieces: events(chunks, "[DONE]") };
}
