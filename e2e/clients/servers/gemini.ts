import { EVENT_STREAM, events, type Reply, type ServedRequest } from "../testing/scripted-server.ts";

interface Content {
  readonly role?: string;
  readonly parts: readonly Readonly<Record<string, unknown>>[];
}

interface Asked {
  readonly contents: readonly Content[];
}

const USAGE = {
  promptTokenCount: 345,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 31,
  cachedContentTokenCount: 230,
  totalTokenCount: 396,
  promptTokensDetails: [
    { modality: "TEXT", tokenCount: 57 },
    { modality: "IMAGE", tokenCount: 258 },
    { modality: "AUDIO", tokenCount: 30 },
  ],
  cacheTokensDetails: [
    { modality: "IMAGE", tokenCount: 172 },
    { modality: "TEXT", tokenCount: 58 },
  ],
};
const CALLS = [
  { functionCall: { id: "call_1", name: "weather", args: { city: "Oslo" } }, thoughtSignature: "c2lnbg==" },
  { functionCall: { id: "call_2", name: "weather", args: { city: "東京" } } },
];

/** Google's Gemini API, and Vertex AI's predict, as the scenarios need them; the model's name says what happens. */
export function geminiScript(request: ServedRequest): Reply {
  const [, model = "", verb = ""] = /\/([^/:]+):(\w+)$/.exec(request.path) ?? [];
  if (model === "never") return "hang";
  if (model === "drop") return "drop";
  if (model === "limited") return refused(429, "RESOURCE_EXHAUSTED");
  if (model === "broken") return refused(500, "INTERNAL");
  if (verb === "embedContent" || verb === "batchEmbedContents") return embeddings(request);
  if (verb === "predict") return predictions(request);
  const asked = request.body as Asked;
  if (verb === "generateContent") return { json: answerFor(asked, model) };
  return verb === "streamGenerateContent"
    ? streamed(asked, model, request.query.get("alt") === "sse")
    : refused(404, "NOT_FOUND");
}

function refused(code: number, status: string): Reply {
  return { status: code, json: { error: { code, message: `Refused: ${status}.`, status } } };
}

function partsFor({ contents }: Asked, model: string): readonly object[] {
  const last = contents.at(-1)?.parts ?? [];
  const isResult = last.some((part) => part["functionResponse"] !== undefined);
  if (model.startsWith("tools") && !isResult) return model === "tools" ? CALLS.slice(0, 1) : CALLS;
  if (model === "thinks") return [{ text: "A greeting. ", thought: true }, { text: "Hello there!" }];
  if (model === "runs") {
    return [
      { executableCode: { language: "PYTHON", code: "print(6*7)" } },
      { codeExecutionResult: { outcome: "OUTCOME_OK", output: "42\n" } },
      { text: "It is 42." },
    ];
  }
  if (model === "json") return [{ text: '{"city":"Oslo","degrees":3}' }];
  if (model === "bad-json") return [{ text: '{"city":"Oslo","degr' }];
  if (model === "bad-schema") return [{ text: '{"city":"Oslo","degrees":"three"}' }];
  if (model === "unicode") return [{ text: "Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧" }];
  if (model === "draws")
    return [{ inlineData: { mimeType: "image/png", data: Buffer.alloc(300, 1).toString("base64") } }];
  if (model === "unsafe") return [{ text: "Once upon" }];
  return [{ text: `You said: ${String(last[0]?.["text"] ?? JSON.stringify(last[0])).slice(0, 100)}` }];
}

function answerFor(asked: Asked, model: string): Record<string, unknown> {
  const about = { modelVersion: `${model}-001`, responseId: "resp_1" };
  if (model === "blocked") {
    const promptFeedback = { blockReason: "PROHIBITED_CONTENT" };
    return { promptFeedback, usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 }, ...about };
  }
  const finishReason = model === "unsafe" ? "SAFETY" : model === "bad-json" ? "MAX_TOKENS" : "STOP";
  const content = { role: "model", parts: partsFor(asked, model) };
  return { candidates: [{ content, finishReason, index: 0 }], usageMetadata: USAGE, ...about };
}

function streamed(asked: Asked, model: string, asEvents: boolean): Reply {
  const whole = answerFor(asked, model);
  const { usageMetadata, modelVersion, responseId } = whole;
  const chunk = (parts: readonly object[], more: object = {}, usage: object = {}) => ({
    candidates: [{ content: { role: "model", parts }, index: 0, ...more }],
    usageMetadata: { promptTokenCount: 345, totalTokenCount: 345, ...usage },
    modelVersion,
    responseId,
  });
  const parts = partsFor(asked, model).flatMap((part) => pieces(part as { text?: string }, model));
  const last = chunk([{ text: "" }], { finishReason: "STOP" }, usageMetadata as object);
  const failure = { error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } };
  const isCut = model === "cut" || model === "stopped" || model === "overloaded";
  const all = [...parts.map((part) => chunk([part])), last];
  const sent = isCut ? all.slice(0, 2) : all;
  const values = model === "blocked" ? [whole] : model === "overloaded" ? [...sent, failure] : sent;
  const end = model === "cut" ? "cut" : "well";
  return asEvents
    ? { headers: EVENT_STREAM, pieces: events(values), end }
    : { headers: { "content-type": "application/json" }, pieces: listed(values), end };
}

function pieces(part: { readonly text?: string }, model: string): object[] {
  const { text, ...rest } = part;
  if (text === undefined) return [part];
  const words = model === "endless" ? Array.from({ length: 2000 }, () => "on ") : text.split(/(?<= )/);
  return words.map((word) => ({ text: word, ...rest }));
}

function* listed(values: readonly unknown[]): Generator<string> {
  for (const [index, value] of values.entries())
    yield `${index === 0 ? "[" : ",\r\n"}${JSON.stringify(value, undefined, 2)}`;
  yield "]";
}

const VECTOR = [0.5, 0.25, 1];

function embeddings({ path, body }: ServedRequest): Reply {
  const usageMetadata = { promptTokenCount: 11, promptTokenDetails: [{ modality: "TEXT", tokenCount: 11 }] };
  if (path.endsWith(":embedContent")) return { json: { embedding: { values: VECTOR }, usageMetadata } };
  const { requests } = body as { readonly requests: readonly unknown[] };
  return { json: { embeddings: requests.map(() => ({ values: VECTOR })), usageMetadata } };
}

function predictions({ body }: ServedRequest): Reply {
  const { instances } = body as { readonly instances: readonly { readonly content?: string }[] };
  if (instances[0]?.content === undefined)
    return { json: { predictions: [{ bytesBase64Encoded: "AAAA", mimeType: "image/png" }] } };
  const statistics = { token_count: 4, truncated: false };
  return {
    json: {
      predictions: instances.map(() => ({ embeddings: { values: VECTOR, statistics } })),
      metadata: { billableCharacterCount: 12 },
    },
  };
}
