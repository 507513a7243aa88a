import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { chatInput, generateInput, outputMessage } from "../ollama/messages.ts";
import { ollamaAnswerOf, type OllamaAnswer } from "../ollama/answer.ts";
import { toolDefinitions } from "../openai/tool-definitions.ts";
import { copyDouble, copyInteger, copyText, setStops } from "../reading/attributes.ts";
import { setEmbedded } from "../reading/embedded.ts";
import { failureOf } from "../reading/failure.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import { setValidity } from "../reading/structured-output.ts";
import { setTimeToFirstChunk } from "../reading/time-to-first-chunk.ts";
import type { Call, Reading, Wire } from "../wire.ts";

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["/api/chat", "chat"],
  ["/api/generate", "text_completion"],
  ["/api/embed", "embeddings"],
  ["/api/embeddings", "embeddings"],
]);

/** Ollama's own API. Its durations are in nanoseconds. */
export const ollama: Wire = {
  name: "ollama",
  provider: "ollama",
  claims: ({ path }) =>
    path.endsWith("/api/chat") ||
    path.endsWith("/api/generate") ||
    path.endsWith("/api/embed") ||
    path.endsWith("/api/embeddings"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const failure = failureOf(call);
    const answer = failure === undefined ? ollamaAnswerOf(call.responseBody) : undefined;
    if (!isOllama(call, request, answer)) return undefined;
    const operation = OPERATIONS.get(/\/api\/[a-z]+$/.exec(call.request.path)?.[0] ?? "") ?? "chat";
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", operation]]);
    const model = textField(request, "model");
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    const embeds = operation === "embeddings";
    setRequest(attributes, request, embeds);
    if (captureContent) setInput(attributes, request, operation);
    if (answer !== undefined) setAnswer(attributes, answer, { request, call, captureContent });
    return {
      name: model === undefined ? operation : `${operation} ${model}`,
      kind: embeds ? "embedding" : "llm",
      attributes,
      failure: failure ?? answer?.failure,
      ...(answer?.streamed === true ? outcomeOfStream(call, answer) : {}),
    };
  },
};

/**
 * Many a program has an `/api/chat` of its own. Ollama's is asked for a model, and answers with it;
 * a call without an answer is Ollama's when it is asked as only Ollama is.
 */
function isOllama(call: Call, request: unknown, answer: OllamaAnswer | undefined): boolean {
  if (recordOf(request) === undefined) return true;
  if (textField(request, "model") === undefined) return false;
  if (answer !== undefined) {
    // A request without messages or prompt loads the model or throws it out.
    return answer.isOllama && !["load", "unload"].includes(answer.doneReason ?? "");
  }
  if (call.status !== undefined && call.status < 400) return call.responseBody === "";
  const asked = ["keep_alive", "options", "think", "prompt", "input"].some(
    (name) => field(request, name) !== undefined,
  );
  return asked || typeof field(request, "stream") === "boolean" || call.request.port === 11434;
}

function setRequest(attributes: AttributeMap, request: unknown, embeds: boolean): void {
  const options = field(request, "options");
  copyInteger(attributes, "gen_ai.request.max_tokens", options, "num_predict");
  copyInteger(attributes, "gen_ai.request.seed", options, "seed");
  copyDouble(attributes, "gen_ai.request.temperature", options, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", options, "top_p");
  copyDouble(attributes, "gen_ai.request.top_k", options, "top_k");
  copyDouble(attributes, "gen_ai.request.frequency_penalty", options, "frequency_penalty");
  copyDouble(attributes, "gen_ai.request.presence_penalty", options, "presence_penalty");
  copyText(attributes, "gen_ai.request.reasoning.level", request, "think");
  copyInteger(attributes, "gen_ai.embeddings.dimension.count", request, "dimensions");
  setStops(attributes, listField(options, "stop"));
  // Ollama streams unless it is told not to.
  if (!embeds && recordOf(request) !== undefined && field(request, "stream") !== false) {
    attributes.set("gen_ai.request.stream", true);
  }
  if (isFormat(field(request, "format"))) attributes.set("gen_ai.output.type", "json");
}

function isFormat(format: unknown): boolean {
  return format === "json" || recordOf(format) !== undefined;
}

function setInput(attributes: AttributeMap, request: unknown, operation: string): void {
  if (operation === "embeddings") {
    const input = field(request, "input") ?? field(request, "prompt");
    return setEmbedded(attributes, Array.isArray(input) ? input : [input]);
  }
  const messages = operation === "chat" ? chatInput(request) : generateInput(request);
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  const system = textField(request, "system");
  if (system !== undefined && system !== "") {
    attributes.set("gen_ai.system_instructions", JSON.stringify([{ type: "text", content: system }]));
  }
  const tools = listField(request, "tools");
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(toolDefinitions(tools)));
}

interface Context {
  readonly request: unknown;
  readonly call: Call;
  readonly captureContent: boolean;
}

const DURATIONS: readonly (readonly [attribute: string, key: string])[] = [
  ["telltale.ollama.total_duration", "total_duration"],
  ["telltale.ollama.load_duration", "load_duration"],
  ["telltale.ollama.prompt_eval_duration", "prompt_eval_duration"],
  ["telltale.ollama.eval_duration", "eval_duration"],
];

function setAnswer(attributes: AttributeMap, answer: OllamaAnswer, context: Context): void {
  const { request, call, captureContent } = context;
  copyText(attributes, "gen_ai.response.model", answer.last, "model");
  // Absent when the whole prompt was cached: that is unknown, not none.
  copyInteger(attributes, "gen_ai.usage.input_tokens", answer.last, "prompt_eval_count");
  copyInteger(attributes, "gen_ai.usage.output_tokens", answer.last, "eval_count");
  for (const [attribute, key] of DURATIONS) copyInteger(attributes, attribute, answer.last, key);
  if (answer.doneReason !== undefined) attributes.set("gen_ai.response.finish_reasons", [answer.doneReason]);
  if (answer.streamed) setTimeToFirstChunk(attributes, call, answer.firstContentAt);
  const vectors = answer.vectors;
  if (vectors.length > 0) {
    attributes.set("telltale.embeddings.count", vectors.length);
    if (Array.isArray(vectors[0])) attributes.set("gen_ai.embeddings.dimension.count", vectors[0].length);
    return;
  }
  if (captureContent) {
    const message = outputMessage(answer);
    if (message.parts.length > 0) attributes.set("gen_ai.output.messages", JSON.stringify([message]));
  }
  const format = field(request, "format");
  if (!answer.finished || answer.failure !== undefined || answer.calls.length > 0 || !isFormat(format)) return;
  setValidity(attributes, { schema: recordOf(format) }, [answer.content], []);
}
