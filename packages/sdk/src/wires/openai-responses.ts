import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { copyDouble, copyInteger, copyText } from "../reading/attributes.ts";
import { failureOf, isFiltered } from "../reading/failure.ts";
import { headersOfProvider, setProvider } from "../openai/provider-shape.ts";
import { type ResponsesAnswer, responsesAnswerOf, responsesAnswerOfStream } from "../openai/responses-answer.ts";
import { inputMessages, outputMessage, serverToolCalls } from "../openai/responses-items.ts";
import { countField } from "../reading/token-counts.ts";
import { type AskedArguments, askedFormat, setValidity } from "../reading/structured-output.ts";
import { askedArguments, toolDefinitions } from "../openai/tool-definitions.ts";
import { setUsage, setUsageOfModels, usageCounts } from "../openai/usage.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import { setTimeToFirstChunk } from "../reading/time-to-first-chunk.ts";
import type { BackgroundAnswer, Call, Reading, Wire } from "../wire.ts";

/** OpenAI's responses: asked for, looked for when they are made in the background, cancelled, compacted. */
export const openaiResponses: Wire = {
  name: "openai-responses",
  methods: ["POST", "GET"],
  headers: headersOfProvider,
  claims: ({ method, path }) =>
    method === "GET" ? isOfOneResponse(path) : path.endsWith("/responses") || isAboutResponse(path),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const looks = looksForAnswer(call);
    // Many an API of somebody's own has a path that ends like this.
    if (!looks && recordOf(request) !== undefined && !isResponsesRequest(request)) return undefined;
    const failure = failureOf(call);
    const streamed = call.contentType.includes("text/event-stream") || call.responseBody.startsWith("event:");
    const read = streamed ? responsesAnswerOfStream : responsesAnswerOf;
    const answer = failure === undefined ? read(call.responseBody) : undefined;
    if (looks && !isResponse(answer?.response) && !/\/resp_[^/]*(\/cancel)?$/.test(call.request.path)) return undefined;
    const operation = looks ? "fetch_response" : "chat";
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", operation]]);
    const model = textField(request, "model") ?? (looks ? textField(answer?.response, "model") : undefined);
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    setRequest(attributes, request);
    if (captureContent) setInput(attributes, request);
    if (answer !== undefined) setAnswer(attributes, answer, { request, call, captureContent });
    const background = backgroundOf(request, answer?.response, looks);
    if (background !== undefined) attributes.set("telltale.background", true);
    setProvider(attributes, call, answer?.response);
    return {
      name: model === undefined ? operation : `${operation} ${model}`,
      kind: "llm",
      attributes,
      failure: failure ?? answer?.failure,
      background,
      ...(streamed && answer !== undefined ? outcomeOfStream(call, answer) : {}),
      ...(isFiltered(failure) || (answer !== undefined && isRefusal(answer)) ? { outcome: "refused" as const } : {}),
    };
  },
};

/** The model would not, or a filter took the answer away. */
function isRefusal({ finished, response, items }: ResponsesAnswer): boolean {
  if (textField(field(response, "incomplete_details"), "reason") === "content_filter") return true;
  const parts = items.flatMap((item) => listField(item, "content"));
  return finished && parts.some((part) => textField(part, "type") === "refusal");
}

/** `/v1/responses/resp_123` */
function isOfOneResponse(path: string): boolean {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))).endsWith("/responses");
}

function isAboutResponse(path: string): boolean {
  return path.endsWith("/responses/compact") || (path.endsWith("/cancel") && path.includes("/responses/"));
}

function looksForAnswer({ request: { method, path } }: Call): boolean {
  return method === "GET" || path.endsWith("/cancel");
}

function isResponse(response: unknown): boolean {
  return textField(response, "object") === "response";
}

const ENDINGS: ReadonlySet<string> = new Set(["completed", "incomplete", "failed", "cancelled"]);

function backgroundOf(request: unknown, response: unknown, looks: boolean): BackgroundAnswer | undefined {
  const id = textField(response, "id");
  if (id === undefined || (field(response, "background") ?? field(request, "background")) !== true) return undefined;
  return { id, asked: !looks, done: ENDINGS.has(textField(response, "status") ?? "") };
}

function isResponsesRequest(request: unknown): boolean {
  const input = field(request, "input");
  const started = field(request, "prompt") ?? field(request, "previous_response_id") ?? field(request, "conversation");
  return typeof input === "string" || Array.isArray(input) || started !== undefined;
}

function setRequest(attributes: AttributeMap, request: unknown): void {
  attributes.set("openai.api.type", "responses");
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_output_tokens");
  copyDouble(attributes, "gen_ai.request.temperature", request, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", request, "top_p");
  copyText(attributes, "gen_ai.request.reasoning.level", field(request, "reasoning"), "effort");
  copyText(attributes, "gen_ai.request.previous_response.id", request, "previous_response_id");
  copyText(attributes, "openai.request.service_tier", request, "service_tier");
  copyText(attributes, "gen_ai.conversation.id", request, "conversation");
  copyText(attributes, "gen_ai.conversation.id", field(request, "conversation"), "id");
  copyText(attributes, "gen_ai.prompt.name", field(request, "prompt"), "id");
  copyText(attributes, "gen_ai.prompt.version", field(request, "prompt"), "version");
  if (field(request, "stream") === true) attributes.set("gen_ai.request.stream", true);
  const format = textField(field(field(request, "text"), "format"), "type");
  if (format !== undefined) attributes.set("gen_ai.output.type", format === "text" ? "text" : "json");
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const messages = inputMessages(field(request, "input"));
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  const instructions = textField(request, "instructions");
  if (instructions !== undefined) {
    attributes.set("gen_ai.system_instructions", JSON.stringify([{ type: "text", content: instructions }]));
  }
  const tools = listField(request, "tools");
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(toolDefinitions(tools)));
}

interface Context {
  readonly request: unknown;
  readonly call: Call;
  readonly captureContent: boolean;
}

function setAnswer(attributes: AttributeMap, answer: ResponsesAnswer, context: Context): void {
  const { request, call, captureContent } = context;
  const { response, items } = answer;
  copyText(attributes, "gen_ai.response.id", response, "id");
  copyText(attributes, "gen_ai.response.model", response, "model");
  copyText(attributes, "gen_ai.response.status", response, "status");
  copyText(attributes, "openai.response.service_tier", response, "service_tier");
  // Who looks at an answer again pays nothing; one from the background is paid when it is there.
  if (!looksForAnswer(call) || field(response, "background") === true) {
    setAllUsage(attributes, response);
    setToolCalls(attributes, answer);
  }
  const reason = finishReasonOf(answer);
  if (reason !== undefined) attributes.set("gen_ai.response.finish_reasons", [reason]);
  setTimeToFirstChunk(attributes, call, answer.firstContentAt);
  if (captureContent && items.length > 0) {
    attributes.set("gen_ai.output.messages", JSON.stringify([outputMessage(items, reason)]));
  }
  const ended = answer.finished && ENDINGS.has(textField(response, "status") ?? "completed");
  if (ended && answer.failure === undefined) judgeOutput(attributes, recordOf(request) ?? response, items);
}

/** Pictures that a response draws are billed under the model that drew them, beside its own tokens. */
function setAllUsage(attributes: AttributeMap, response: unknown): void {
  const usage = field(response, "usage");
  setUsage(attributes, usage);
  const drawn = field(field(response, "tool_usage"), "image_gen");
  const tool = listField(response, "tools").find((each) => textField(each, "type") === "image_generation");
  const model = textField(response, "model");
  const painter = textField(tool, "model");
  if (model === undefined || painter === undefined || (countField(drawn, "total_tokens") ?? 0) === 0) return;
  const counts = usageCounts(drawn);
  const image = { ...counts, cacheRead: countField(drawn, "cached_tokens") ?? counts.cacheRead };
  setUsageOfModels(attributes, [
    { model, counts: usageCounts(usage) },
    { model: painter, counts: image },
  ]);
}

function setToolCalls(attributes: AttributeMap, { response, items }: ResponsesAnswer): void {
  const name = (tool: string): string => `telltale.usage.server_tool_calls.${tool}`;
  for (const [tool, count] of serverToolCalls(items)) {
    if (!attributes.has(name(tool))) attributes.set(name(tool), count);
  }
  // One item may stand for several searches; what was billed is told here.
  const searches = countField(field(field(response, "tool_usage"), "web_search"), "num_requests");
  if (searches !== undefined && searches > 0) attributes.set(name("web_search"), searches);
}

function judgeOutput(attributes: AttributeMap, request: unknown, items: readonly unknown[]): void {
  const texts: string[] = [];
  const toolArguments: AskedArguments[] = [];
  for (const item of items) {
    if (textField(item, "type") === "function_call") toolArguments.push(askedArguments(request, item));
    const parts = listField(item, "content").filter((part) => textField(part, "type") === "output_text");
    if (parts.length > 0) texts.push(parts.map((part) => textField(part, "text") ?? "").join(""));
  }
  setValidity(attributes, askedFormat(field(field(request, "text"), "format")), texts, toolArguments);
}

const TOOL_CALLS: ReadonlySet<string> = new Set(["function_call", "custom_tool_call", "computer_call"]);

function finishReasonOf({ response, items }: ResponsesAnswer): string | undefined {
  const status = textField(response, "status");
  if (status === "completed") {
    return items.some((item) => TOOL_CALLS.has(textField(item, "type") ?? "")) ? "tool_call" : "stop";
  }
  if (status === "failed") return "error";
  if (status !== "incomplete") return undefined;
  const reason = textField(field(response, "incomplete_details"), "reason");
  return reason === "max_output_tokens" ? "length" : (reason ?? "length");
}
