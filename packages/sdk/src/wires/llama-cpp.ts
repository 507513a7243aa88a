import type { AttributeMap } from "../attribute-value.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { isStream } from "../openai/chat-reading.ts";
import { setPromptInput } from "../openai/prompt-input.ts";
import { copyDouble, copyInteger, copyText, setStops } from "../reading/attributes.ts";
import { type Failure, failureIn, failureOf } from "../reading/failure.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import { setValidity } from "../reading/structured-output.ts";
import { setTimeToFirstChunk } from "../reading/time-to-first-chunk.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** llama.cpp's own completion, beside the OpenAI-compatible one that its server has too. */
export const llamaCpp: Wire = {
  name: "llama-cpp",
  provider: "llama_cpp",
  claims: ({ path }) => path.endsWith("/completion") || path === "/completions" || path.endsWith("/infill"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const failure = failureOf(call);
    const answer = failure === undefined ? answerOf(call) : undefined;
    if (recordOf(request) !== undefined && !isLlama(request, answer)) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "text_completion"]]);
    const model = textField(request, "model");
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    setRequest(attributes, request);
    if (captureContent) setPromptInput(attributes, request);
    if (answer !== undefined) setAnswer(attributes, answer, { request, call, captureContent });
    const named = model ?? textField(answer?.last, "model");
    return {
      name: named === undefined ? "text_completion" : `text_completion ${named}`,
      kind: "llm",
      attributes,
      failure: failure ?? answer?.failure,
      ...(isStream(call) && answer !== undefined ? outcomeOfStream(call, answer) : {}),
    };
  },
};

interface Answer {
  /** The last object: it has the counts. */
  readonly last: unknown;
  readonly content: string;
  readonly failure: Failure | undefined;
  readonly firstContentAt: number | undefined;
  readonly finished: boolean;
}

function answerOf(call: Call): Answer | undefined {
  if (call.responseBody === "") return undefined;
  if (!isStream(call)) {
    const last = parseJson(call.responseBody);
    const content = textField(last, "content") ?? "";
    return { last, content, failure: failureIn(last), firstContentAt: undefined, finished: true };
  }
  let last: unknown;
  let content = "";
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  for (const { data, end } of serverSentEvents(call.responseBody)) {
    const piece = parseJson(data);
    failure ??= failureIn(piece);
    const text = textField(piece, "content") ?? "";
    if (text !== "") firstContentAt ??= end;
    content += text;
    last = recordOf(piece) ?? last;
  }
  return { last, content, failure, firstContentAt, finished: field(last, "stop") === true };
}

/** Others have paths that end like this; what llama.cpp answers has these counts. */
function isLlama(request: unknown, answer: Answer | undefined): boolean {
  const asked = field(request, "prompt") ?? field(request, "input_prefix");
  if (asked === undefined || answer === undefined || answer.failure !== undefined) return asked !== undefined;
  return field(answer.last, "content") !== undefined && field(answer.last, "stop") !== undefined;
}

function setRequest(attributes: AttributeMap, request: unknown): void {
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "n_predict");
  copyInteger(attributes, "gen_ai.request.seed", request, "seed");
  copyDouble(attributes, "gen_ai.request.temperature", request, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", request, "top_p");
  copyDouble(attributes, "gen_ai.request.top_k", request, "top_k");
  copyDouble(attributes, "gen_ai.request.frequency_penalty", request, "frequency_penalty");
  copyDouble(attributes, "gen_ai.request.presence_penalty", request, "presence_penalty");
  setStops(attributes, listField(request, "stop"));
  if (field(request, "stream") === true) attributes.set("gen_ai.request.stream", true);
  if (recordOf(field(request, "json_schema")) !== undefined) attributes.set("gen_ai.output.type", "json");
}

/** `stop_type`, and what the conventions call it. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["eos", "stop"],
  ["word", "stop"],
  ["limit", "length"],
]);

interface Context {
  readonly request: unknown;
  readonly call: Call;
  readonly captureContent: boolean;
}

function setAnswer(attributes: AttributeMap, answer: Answer, { request, call, captureContent }: Context): void {
  const { last, content } = answer;
  copyText(attributes, "gen_ai.response.model", last, "model");
  // `tokens_cached` is how full the cache is afterwards; what was taken from it stands in `timings`.
  copyInteger(attributes, "gen_ai.usage.input_tokens", last, "tokens_evaluated");
  copyInteger(attributes, "gen_ai.usage.output_tokens", last, "tokens_predicted");
  copyInteger(attributes, "gen_ai.usage.cache_read.input_tokens", field(last, "timings"), "cache_n");
  const told = textField(last, "stop_type") ?? "";
  const reason = REASONS.get(told);
  if (reason !== undefined) attributes.set("gen_ai.response.finish_reasons", [reason]);
  setTimeToFirstChunk(attributes, call, answer.firstContentAt);
  if (captureContent && content !== "") {
    const parts = [{ type: "text", content }];
    const message = { role: "assistant", parts, ...(reason === undefined ? {} : { finish_reason: reason }) };
    attributes.set("gen_ai.output.messages", JSON.stringify([message]));
  }
  const schema = field(request, "json_schema");
  if (answer.finished && answer.failure === undefined && recordOf(schema) !== undefined) {
    setValidity(attributes, { schema }, [content], []);
  }
}
