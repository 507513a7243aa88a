import { crc32 } from "node:zlib";
import type { Reply, ServedRequest } from "../testing/scripted-server.ts";
import { anthropicEvents, anthropicMessage } from "./anthropic.ts";

interface Asked {
  readonly messages?: readonly { readonly role: string; readonly content: readonly Record<string, unknown>[] }[];
  readonly [name: string]: unknown;
}

const USAGE = {
  inputTokens: 18,
  outputTokens: 25,
  totalTokens: 655,
  cacheReadInputTokens: 512,
  cacheWriteInputTokens: 100,
  cacheDetails: [
    { ttl: "5m", inputTokens: 40 },
    { ttl: "1h", inputTokens: 60 },
  ],
};
const REQUEST_ID = { "x-amzn-requestid": "4d5a1f3e-0000-4000-8000-000000000001" };
const COUNTS = { "x-amzn-bedrock-input-token-count": "21", "x-amzn-bedrock-output-token-count": "9" };
const CALLS = [
  { toolUse: { toolUseId: "tooluse_1", name: "weather", input: { city: "Oslo" } } },
  { toolUse: { toolUseId: "tooluse_2", name: "weather", input: { city: "東京" } } },
];

/** Amazon Bedrock's runtime as the scenarios need it; the model's id says what happens. */
export function bedrockScript({ path, body }: ServedRequest): Reply {
  const [, encoded = "", operation = ""] = /^\/model\/(.+)\/([^/]+)$/.exec(path) ?? [];
  const model = decodeURIComponent(encoded);
  const asked = body as Asked;
  if (model === "never") return "hang";
  if (model === "drop") return "drop";
  if (model === "limited") return refused(429, "ThrottlingException");
  if (model === "broken") return refused(500, "InternalServerException");
  if (operation === "converse") return { headers: REQUEST_ID, json: answerFor(asked, model) };
  if (operation === "converse-stream") return streamed(converseEvents(asked, model), model);
  if (operation === "invoke") return { headers: { ...REQUEST_ID, ...COUNTS }, json: invoked(asked, model) };
  return streamed(chunks(asked, model), model);
}

function refused(status: number, type: string): Reply {
  const headers = { ...REQUEST_ID, "x-amzn-errortype": `${type}:http://internal.amazon.com/` };
  return { status, headers, json: { message: `Refused: ${type}.` } };
}

function contentFor({ messages = [] }: Asked, model: string): { content: object[]; stopReason: string } {
  const last = messages.at(-1)?.content ?? [];
  const said = (text: string, stopReason = "end_turn") => ({ content: [{ text }], stopReason });
  const isResult = last.some((block) => block["toolResult"] !== undefined);
  if (model.startsWith("tools") && !isResult) {
    return { content: model === "tools" ? CALLS.slice(0, 1) : CALLS, stopReason: "tool_use" };
  }
  if (model === "thinks") {
    const reasoningContent = { reasoningText: { text: "A greeting. ", signature: "c2ln" } };
    return { content: [{ reasoningContent }, { text: "Hello there!" }], stopReason: "end_turn" };
  }
  if (model === "json") return said('{"city":"Oslo","degrees":3}');
  if (model === "bad-json") return said('{"city":"Oslo","degr', "max_tokens");
  if (model === "bad-schema") return said('{"city":"Oslo","degrees":"three"}');
  if (model === "unicode") return said("Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧");
  if (model === "guarded") return said("Sorry.", "guardrail_intervened");
  return said(`You said: ${String(last[0]?.["text"] ?? JSON.stringify(last[0])).slice(0, 100)}`);
}

function answerFor(asked: Asked, model: string): object {
  const { content, stopReason } = contentFor(asked, model);
  return { output: { message: { role: "assistant", content } }, stopReason, usage: USAGE, metrics: { latencyMs: 12 } };
}

type Event = readonly [type: string, value: unknown, isException?: boolean];

function converseEvents(asked: Asked, model: string): Event[] {
  const { content, stopReason } = contentFor(asked, model);
  const all: Event[] = [
    ["messageStart", { role: "assistant" }],
    ...content.flatMap((block, contentBlockIndex) =>
      blockEvents(block as Record<string, unknown>, contentBlockIndex, model),
    ),
    ["messageStop", { stopReason }],
    ["metadata", { usage: USAGE, metrics: { latencyMs: 12 } }],
  ];
  if (model === "overloaded")
    return [...all.slice(0, 2), ["modelStreamErrorException", { message: "Overloaded" }, true]];
  return model === "cut" || model === "stopped" ? all.slice(0, 3) : all;
}

function blockEvents(block: Record<string, unknown>, contentBlockIndex: number, model: string): Event[] {
  const delta = (value: object): Event => ["contentBlockDelta", { contentBlockIndex, delta: value, p: "abcdef" }];
  const stop: Event = ["contentBlockStop", { contentBlockIndex }];
  const use = block["toolUse"] as { toolUseId: string; name: string; input: unknown } | undefined;
  if (use !== undefined) {
    const { input, ...start } = use;
    const json = JSON.stringify(input);
    const parts = [json.slice(0, 7), json.slice(7)].map((piece) => delta({ toolUse: { input: piece } }));
    return [["contentBlockStart", { contentBlockIndex, start: { toolUse: start } }], ...parts, stop];
  }
  const thoughts = block["reasoningContent"] as { reasoningText: { text: string; signature: string } } | undefined;
  if (thoughts !== undefined) {
    const { text, signature } = thoughts.reasoningText;
    return [delta({ reasoningContent: { text } }), delta({ reasoningContent: { signature } }), stop];
  }
  const words = model === "endless" ? Array.from({ length: 2000 }, () => "on ") : String(block["text"]).split(/(?<= )/);
  return [...words.map((text) => delta({ text })), stop];
}

/** Bodies of the makers' own. */
function invoked(asked: Asked, model: string): unknown {
  if (model.startsWith("anthropic.")) return anthropicMessage(asked as never, asked["test"] as string);
  if (model.startsWith("amazon.nova")) return answerFor(asked, "nova");
  if (model.startsWith("amazon.titan-embed")) return { embedding: [0.5, 0.25, 1], inputTextTokenCount: 5 };
  if (model.startsWith("cohere.embed"))
    return {
      embeddings: [
        [0.5, 0.25],
        [1, 0],
      ],
      id: "e1",
      response_type: "embeddings_floats",
    };
  if (model.startsWith("amazon.titan")) {
    const results = [{ tokenCount: 7, outputText: "Titan speaks.", completionReason: "FINISH" }];
    return { inputTextTokenCount: 5, results };
  }
  if (model.startsWith("meta.")) {
    return { generation: "Llama speaks.", prompt_token_count: 6, generation_token_count: 8, stop_reason: "stop" };
  }
  if (model.startsWith("mistral.")) return { outputs: [{ text: "Mistral speaks.", stop_reason: "length" }] };
  return { text: "Command speaks.", generation_id: "gen-1", finish_reason: "COMPLETE" };
}

function chunks(asked: Asked, model: string): Event[] {
  const metrics = { inputTokenCount: 21, outputTokenCount: 9, invocationLatency: 12, firstByteLatency: 3 };
  const last = { "amazon-bedrock-invocationMetrics": metrics };
  return makersEvents(asked, model, last).map((value) => {
    const bytes = Buffer.from(JSON.stringify(value)).toString("base64");
    return ["chunk", { bytes, p: "abcd" }];
  });
}

function makersEvents(asked: Asked, model: string, last: object): unknown[] {
  if (model.startsWith("anthropic.")) {
    const all = anthropicEvents(asked as never, asked["test"] as string);
    return all.map((event) => (event.type === "message_stop" ? { ...event, ...last } : event));
  }
  if (model.startsWith("amazon.nova")) return converseEvents(asked, "nova").map(([name, value]) => ({ [name]: value }));
  if (model.startsWith("amazon.titan")) {
    return [
      {
        outputText: "Titan ",
        index: 0,
        totalOutputTextTokenCount: null,
        completionReason: null,
        inputTextTokenCount: 5,
      },
      {
        outputText: "speaks.",
        index: 0,
        totalOutputTextTokenCount: 7,
        completionReason: "FINISH",
        inputTextTokenCount: null,
        ...last,
      },
    ];
  }
  if (model.startsWith("meta.")) {
    return [
      { generation: "Llama ", prompt_token_count: 6, generation_token_count: 1, stop_reason: null },
      { generation: "speaks.", prompt_token_count: null, generation_token_count: 8, stop_reason: "stop", ...last },
    ];
  }
  if (model.startsWith("mistral.")) {
    return [
      { outputs: [{ text: "Mistral ", stop_reason: null }] },
      { outputs: [{ text: "speaks.", stop_reason: "length" }], ...last },
    ];
  }
  return [
    { is_finished: false, event_type: "text-generation", text: "Command " },
    { is_finished: false, event_type: "text-generation", text: "speaks." },
    {
      is_finished: true,
      event_type: "stream-end",
      response: { text: "Command speaks." },
      finish_reason: "COMPLETE",
      ...last,
    },
  ];
}

function streamed(all: readonly Event[], model: string): Reply {
  const headers = { ...REQUEST_ID, "content-type": "application/vnd.amazon.eventstream" };
  return { headers, pieces: all.map(frame), end: model === "cut" ? "cut" : "well" };
}

/** One message of the event stream, with the checksums that the client checks. */
function frame([type, value, isException = false]: Event): Buffer {
  const named = isException ? ":exception-type" : ":event-type";
  const told = {
    [named]: type,
    ":content-type": "application/json",
    ":message-type": isException ? "exception" : "event",
  };
  const headers = Buffer.concat(Object.entries(told).map(([name, text]) => header(name, text)));
  const payload = Buffer.from(JSON.stringify(value));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.length + payload.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const whole = Buffer.concat([prelude, headers, payload]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(whole));
  return Buffer.concat([whole, sum]);
}

function header(name: string, text: string): Buffer {
  const length = Buffer.alloc(3);
  length[0] = 7;
  length.writeUInt16BE(Buffer.byteLength(text), 1);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(text)]);
}
