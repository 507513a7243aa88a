import { property } from "../hook/read-object.ts";
import { ToldModelCall } from "../hook/told-model-call.ts";
import type { ToldRun } from "../hook/told-run.ts";
import { toolDefinitions } from "../openai/tool-definitions.ts";
import { runtime } from "../runtime.ts";
import { now } from "../span/clock.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { partsMessageOf, partsMessages, textMember, usageOf } from "./messages.ts";

interface Asked {
  readonly input: unknown;
  readonly extra: unknown;
  readonly metadata: unknown;
}

const REQUEST_NUMBERS: readonly (readonly [string, string])[] = [
  ["temperature", "gen_ai.request.temperature"],
  ["top_p", "gen_ai.request.top_p"],
  ["frequency_penalty", "gen_ai.request.frequency_penalty"],
  ["presence_penalty", "gen_ai.request.presence_penalty"],
];

/** Kept until the end: whether the run tells of the call at all is known only then. */
const asked = new WeakMap<ToldRun, Asked>();

/** Remembers what a model is asked. */
export function describeModelStart(run: ToldModelCall, span: SpanRecord, { input, extra, metadata }: Asked): void {
  asked.set(run, { input, extra, metadata });
  const unfinished = (left: SpanRecord): void => describeModelCall(left, run);
  run.unfinished = unfinished;
  span.attributes.set("telltale.span.kind", "llm");
}

/** The first piece of a stream came. */
export function firstToken({ span }: ToldModelCall): void {
  if (span === undefined || span.attributes.has("gen_ai.response.time_to_first_chunk")) return;
  span.attributes.set("gen_ai.response.time_to_first_chunk", { double: (now() - span.startTime) / 1000 });
}

/** Fills the span of a call that nobody saw leaving, or of one that took several requests. */
export function describeModelCall(span: SpanRecord, run: ToldRun, output?: unknown): void {
  if (run instanceof ToldModelCall && run.isSeen) {
    span.attributes.clear();
    span.attributes.set("telltale.span.kind", "span");
    return;
  }
  const { input, extra, metadata } = asked.get(run) ?? {};
  const answers = generations(output);
  describeRequest(span, { input, extra, metadata });
  describeAnswer(span, answers);
  if (run instanceof ToldModelCall && run.cached) span.attributes.set("telltale.cached", true);
  if (runtime.pipeline?.captureContent !== true) return;
  const [first] = Array.isArray(input) ? (input as readonly unknown[]) : [];
  const messages = partsMessages(typeof first === "string" ? [first] : first);
  if (messages !== undefined) span.attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  const told = answers.map((answer) => answerMessage(answer)).filter((message) => message !== undefined);
  if (told.length > 0) span.attributes.set("gen_ai.output.messages", JSON.stringify(told));
}

function describeRequest(span: SpanRecord, { extra, metadata }: Asked): void {
  const { attributes } = span;
  const parameters = property(extra, "invocation_params");
  const model =
    textMember(metadata, "ls_model_name") ?? textMember(parameters, "model") ?? textMember(parameters, "model_name");
  attributes.set("gen_ai.operation.name", "chat");
  span.name = model === undefined ? "chat" : `chat ${model}`;
  if (model !== undefined) attributes.set("gen_ai.request.model", model);
  const provider = textMember(metadata, "ls_provider");
  if (provider !== undefined) attributes.set("gen_ai.provider.name", provider);
  for (const [from, to] of REQUEST_NUMBERS) {
    const number = property(parameters, from);
    if (typeof number === "number") attributes.set(to, { double: number });
  }
  const tools = property(parameters, "tools");
  if (runtime.pipeline?.captureContent === true && Array.isArray(tools) && tools.length > 0) {
    attributes.set("gen_ai.tool.definitions", JSON.stringify(toolDefinitions(tools as readonly unknown[])));
  }
}

function describeAnswer({ attributes }: SpanRecord, answers: readonly unknown[]): void {
  const message = property(answers[0], "message");
  const told = property(message, "response_metadata");
  const model = textMember(told, "model_name") ?? textMember(told, "model");
  if (model !== undefined) attributes.set("gen_ai.response.model", model);
  const id = textMember(message, "id");
  // LangChain gives an id of its own to messages that the provider gave none.
  if (id !== undefined && !id.startsWith("run-")) attributes.set("gen_ai.response.id", id);
  const reasons = answers.map((answer) => reasonOf(answer)).filter((reason) => reason !== undefined);
  if (reasons.length > 0) attributes.set("gen_ai.response.finish_reasons", reasons);
  for (const [name, count] of usageOf(message)) attributes.set(name, count);
}

function generations(output: unknown): readonly unknown[] {
  const lists = property(output, "generations");
  if (!Array.isArray(lists)) return [];
  return (lists as readonly unknown[]).flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []));
}

function reasonOf(answer: unknown): string | undefined {
  const told = property(property(answer, "message"), "response_metadata");
  return (
    textMember(told, "finish_reason") ??
    textMember(told, "stop_reason") ??
    textMember(property(answer, "generationInfo"), "finish_reason")
  );
}

function answerMessage(answer: unknown): object | undefined {
  const reason = reasonOf(answer);
  const text = textMember(answer, "text");
  const message =
    partsMessageOf(property(answer, "message")) ??
    (text === undefined ? undefined : { role: "assistant", parts: [{ type: "text", content: text }] });
  if (message === undefined) return undefined;
  return {
    ...message,
    ...(reason === undefined ? {} : { finish_reason: reason === "tool_calls" ? "tool_call" : reason }),
  };
}
