import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, recordOf, textField } from "../json/read-json.ts";
import { copyDouble, copyInteger, setStops } from "../reading/attributes.ts";
import { setValidity } from "../reading/structured-output.ts";
import { contentMessage, contentParts } from "./content-parts.ts";
import type { Candidate, GeneratedAnswer } from "./generated-answer.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { protoField, protoList, protoText } from "./proto-field.ts";
import { setGeminiUsage } from "./usage.ts";

const DOUBLES: readonly (readonly [attribute: string, field: string])[] = [
  ["gen_ai.request.temperature", "temperature"],
  ["gen_ai.request.top_p", "topP"],
  ["gen_ai.request.top_k", "topK"],
  ["gen_ai.request.frequency_penalty", "frequencyPenalty"],
  ["gen_ai.request.presence_penalty", "presencePenalty"],
];

/** What was asked. */
export function setGenerationRequest(attributes: AttributeMap, request: unknown, captureContent: boolean): void {
  const told = protoField(request, "generationConfig");
  for (const [attribute, name] of DOUBLES) copyDouble(attributes, attribute, { [name]: protoField(told, name) }, name);
  const whole = {
    max: protoField(told, "maxOutputTokens"),
    seed: field(told, "seed"),
    count: protoField(told, "candidateCount"),
  };
  copyInteger(attributes, "gen_ai.request.max_tokens", whole, "max");
  copyInteger(attributes, "gen_ai.request.seed", whole, "seed");
  if (whole.count !== 1) copyInteger(attributes, "gen_ai.request.choice.count", whole, "count");
  setStops(attributes, protoList(told, "stopSequences"));
  const level = protoText(protoField(told, "thinkingConfig"), "thinkingLevel");
  if (level !== undefined) attributes.set("gen_ai.request.reasoning.level", level.toLowerCase());
  const type = outputType(told);
  if (type !== undefined) attributes.set("gen_ai.output.type", type);
  if (captureContent) setInput(attributes, request);
}

function outputType(generation: unknown): string | undefined {
  const modalities = protoList(generation, "responseModalities");
  if (modalities.includes("IMAGE")) return "image";
  if (modalities.includes("AUDIO")) return "speech";
  return askedForJson(generation) ? "json" : undefined;
}

function askedForJson(generation: unknown): boolean {
  return protoText(generation, "responseMimeType") === "application/json";
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const system = contentParts(protoField(request, "systemInstruction"));
  if (system.length > 0) attributes.set("gen_ai.system_instructions", JSON.stringify(system));
  const contents = field(request, "contents");
  const list: readonly unknown[] = Array.isArray(contents)
    ? contents
    : recordOf(contents) === undefined
      ? []
      : [contents];
  if (list.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(list.map(contentMessage)));
  const tools = listField(request, "tools").flatMap(toolDefinitions);
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(tools));
}

/** One entry holds any number of functions, and a member for each tool of the provider's own. */
function toolDefinitions(tool: unknown): unknown[] {
  const functions = protoList(tool, "functionDeclarations").map((declared) => {
    const description = textField(declared, "description");
    const parameters = protoField(declared, "parametersJsonSchema") ?? field(declared, "parameters");
    return {
      type: "function",
      name: textField(declared, "name") ?? "",
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    };
  });
  const others = Object.keys(recordOf(tool) ?? {}).filter((name) => !/^function_?declarations$/i.test(name));
  return [...functions, ...others.map((name) => ({ type: name, name }))];
}

/** What else of a call is needed to describe its answer. */
export interface GenerationContext {
  readonly request: unknown;
  readonly millisecondsAt: (character: number) => number | undefined;
  readonly captureContent: boolean;
}

/** What was answered. */
export function setGenerationAnswer(
  attributes: AttributeMap,
  answer: GeneratedAnswer,
  context: GenerationContext,
): void {
  if (answer.responseId !== undefined) attributes.set("gen_ai.response.id", answer.responseId);
  if (answer.modelVersion !== undefined) attributes.set("gen_ai.response.model", answer.modelVersion);
  setGeminiUsage(attributes, answer.usage);
  const told = answer.candidates.map(({ finishReason }) => finishReason);
  const reasons = [...told, answer.blockReason].filter((reason) => reason !== undefined);
  if (reasons.length > 0) attributes.set("gen_ai.response.finish_reasons", reasons);
  if (context.captureContent && answer.candidates.length > 0) {
    attributes.set("gen_ai.output.messages", JSON.stringify(answer.candidates.map(outputMessage)));
  }
  if (answer.finished && !isRefusal(answer)) judgeOutput(attributes, context.request, answer.candidates);
}

/** Writes the time of the first piece of a stream. */
export function setFirstChunk(attributes: AttributeMap, answer: GeneratedAnswer, context: GenerationContext): void {
  const milliseconds =
    answer.firstContentAt === undefined ? undefined : context.millisecondsAt(answer.firstContentAt - 1);
  if (milliseconds !== undefined)
    attributes.set("gen_ai.response.time_to_first_chunk", { double: milliseconds / 1000 });
}

/** True when the prompt was blocked or the answer was stopped by a filter. */
export function isRefusal({ blockReason, candidates }: GeneratedAnswer): boolean {
  return blockReason !== undefined || candidates.some(({ finishReason }) => FILTERED.has(finishReason ?? ""));
}

const FILTERED: ReadonlySet<string> = new Set([
  "SAFETY",
  "RECITATION",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
]);

function outputMessage({ parts, finishReason }: Candidate): unknown {
  const reason = finishReason === undefined ? {} : { finish_reason: messageReason(finishReason, parts) };
  return { role: "assistant", parts, ...reason };
}

/** As messages name it in the conventions; `finish_reasons` keeps the provider's. */
function messageReason(reason: string, parts: Candidate["parts"]): string {
  if (reason === "STOP") return parts.some(({ type }) => type === "tool_call") ? "tool_call" : "stop";
  if (reason === "MAX_TOKENS") return "length";
  if (FILTERED.has(reason)) return "content_filter";
  return reason.startsWith("MALFORMED") || reason.endsWith("TOOL_CALL") ? "error" : reason.toLowerCase();
}

function judgeOutput(attributes: AttributeMap, request: unknown, candidates: readonly Candidate[]): void {
  const generation = protoField(request, "generationConfig");
  if (!askedForJson(generation)) return;
  const schema = protoField(generation, "responseJsonSchema") ?? field(generation, "_responseJsonSchema");
  const asked = { schema: jsonSchemaOf(schema ?? protoField(generation, "responseSchema")) };
  const spoken = candidates.filter(({ parts }) => !parts.some(({ type }) => type === "tool_call"));
  const texts = spoken.map(({ parts }) =>
    parts.map(({ type, content }) => (type === "text" && typeof content === "string" ? content : "")).join(""),
  );
  setValidity(attributes, asked, texts, []);
}
