import { EVENT_STREAM, events, type Reply, type Script } from "../testing/scripted-server.ts";

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
  readonly prompt?: string;
  readonly input?: readonly string[];
}

const USAGE = { prompt_tokens: 77, completion_tokens: 12, total_tokens: 89, num_cached_tokens: 64 };
const CALL = {
  id: "D681PevKs",
  type: "function",
  function: { name: "weather", arguments: '{"city":"Oslo"}' },
  index: 0,
};

/** Mistral's API as the scenarios need it; the model's name says what happens. */
export const mistralScript: Script = ({ path, body }) => {
  const asked = body as Asked;
  if (asked.model === "never") return "hang";
  if (asked.model === "broken")
    return { status: 500, json: { object: "error", message: "Refused.", type: "internal" } };
  if (asked.model === "limited") {
    return {
      status: 429,
      json: {
        object: "error",
        message: "Requests rate limit exceeded",
        type: "rate_limited",
        param: null,
        code: "1300",
      },
    };
  }
  if (path.endsWith("/embeddings")) return embed(asked);
  if (!path.endsWith("/completions")) return { status: 404, json: { message: "no Route matched" } };
  return asked.stream === true ? streamed(asked) : whole(asked);
};

function messageFor(asked: Asked): object {
  const { model, messages, prompt } = asked;
  if (model === "tools" && messages?.at(-1)?.role !== "tool") return { content: "", tool_calls: [CALL] };
  if (model === "tools-2" && messages?.at(-1)?.role !== "tool") {
    const second = { ...CALL, id: "Qp81Zk22a", function: { name: "weather", arguments: '{"city":"東京"}' }, index: 1 };
    return { content: "", tool_calls: [CALL, second] };
  }
  if (model === "json") return { content: '{"city":"Oslo","degrees":3}' };
  if (model === "bad-schema") return { content: '{"city":"Oslo","degrees":"three"}' };
  if (model === "unicode") return { content: "Grüße aus 東京 🗼 — naïve, \u{1F468}\u200D\u{1F469}\u200D\u{1F467}" };
  if (model === "bad-json") return { content: '{"city":"Oslo","degr' };
  if (model === "thinks") {
    const thinking = [{ type: "text", text: "Let me see." }];
    return {
      content: [
        { type: "thinking", thinking },
        { type: "text", text: "It is so." },
      ],
    };
  }
  return { content: `You said: ${String(messages?.at(-1)?.content ?? prompt)}` };
}

function whole(asked: Asked): Reply {
  const message = messageFor(asked);
  const reason = "tool_calls" in message ? "tool_calls" : "stop";
  const choices = [
    { index: 0, message: { role: "assistant", tool_calls: null, prefix: false, ...message }, finish_reason: reason },
  ];
  return { json: { id: "m-1", object: "chat.completion", created: 1, model: asked.model, choices, usage: USAGE } };
}

function streamed(asked: Asked): Reply {
  const chunk = (delta: object, reason: string | null = null, more: object = {}): object => ({
    id: "m-2",
    object: "chat.completion.chunk",
    created: 1,
    model: asked.model,
    choices: [{ index: 0, delta, finish_reason: reason }],
    ...more,
  });
  const all = [
    chunk({ role: "assistant", content: "" }),
    ...["You ", "said: ", "Hello"].map((content) => chunk({ content })),
    chunk({ content: "" }, "stop", { usage: USAGE }),
  ];
  const endless = Array.from({ length: 2000 }, () => chunk({ content: "on " }));
  if (asked.model === "endless") return { headers: EVENT_STREAM, pieces: events(endless, "[DONE]") };
  if (asked.model === "cut") return { headers: EVENT_STREAM, pieces: events(all.slice(0, 3)), end: "cut" };
  return { headers: EVENT_STREAM, pieces: events(all, "[DONE]") };
}

function embed({ model, input = [] }: Asked): Reply {
  const data = input.map((_, index) => ({ object: "embedding", index, embedding: [0.5, 0.25, 1] }));
  return {
    json: {
      id: "e-1",
      object: "list",
      model,
      data,
      usage: { prompt_tokens: 9, total_tokens: 9, completion_tokens: 0 },
    },
  };
}
