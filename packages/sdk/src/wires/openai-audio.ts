import type { AttributeMap } from "../attribute-value.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { field, listField, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { deploymentOf, isStream } from "../openai/chat-reading.ts";
import { uploadedParts } from "../openai/uploaded-parts.ts";
import { setUsage } from "../openai/usage.ts";
import { type Failure, failureIn, failureOf } from "../reading/failure.ts";
import type { Part } from "../reading/message.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import { setTimeToFirstChunk } from "../reading/time-to-first-chunk.ts";
import { leftOutMedia } from "../span/media.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** OpenAI's speech and its transcriptions and translations, also at Groq, Azure and Mistral. No sound is sent along. */
export const openaiAudio: Wire = {
  name: "openai-audio",
  claims: ({ path }) =>
    path.endsWith("/audio/speech") || path.endsWith("/audio/transcriptions") || path.endsWith("/audio/translations"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const operation = operationOf(call.request.path);
    const given = operation === "speech" ? ["input"] : ["file", "file_url", "file_id", "url"];
    if (recordOf(request) !== undefined && !given.some((name) => field(request, name) !== undefined)) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", operation]]);
    const model = textField(request, "model") ?? deploymentOf(call.request.path);
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    setRequest(attributes, request, operation);
    if (captureContent) setInput(attributes, request);
    const failure = failureOf(call);
    const answer = failure === undefined ? answerOf(call, operation) : undefined;
    if (answer !== undefined) setAnswer(attributes, answer, call, captureContent);
    return {
      name: model === undefined ? operation : `${operation} ${model}`,
      kind: "llm",
      attributes,
      failure: failure ?? answer?.failure,
      ...(isStream(call) && answer !== undefined ? outcomeOfStream(call, answer) : {}),
    };
  },
};

function operationOf(path: string): string {
  if (path.endsWith("/translations")) return "translation";
  return path.endsWith("/transcriptions") ? "transcription" : "speech";
}

function setRequest(attributes: AttributeMap, request: unknown, operation: string): void {
  attributes.set("gen_ai.output.type", operation === "speech" ? "speech" : "text");
  // A form has every value as a text.
  const given = field(request, "temperature");
  const temperature = given === undefined || given === "" ? Number.NaN : Number(given);
  if (Number.isFinite(temperature)) attributes.set("gen_ai.request.temperature", { double: temperature });
  if (String(field(request, "stream")) === "true") attributes.set("gen_ai.request.stream", true);
  const voice = textField(request, "voice") ?? textField(field(request, "voice"), "id");
  if (voice !== undefined) attributes.set("telltale.audio.voice", voice);
  const format = textField(request, "response_format");
  if (format !== undefined) attributes.set("telltale.audio.format", format);
  const language = textField(request, "language");
  if (language !== undefined) attributes.set("telltale.audio.language", language);
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const parts: Part[] = [];
  for (const name of ["instructions", "prompt", "input"]) {
    const content = textField(request, name);
    if (content !== undefined && content !== "") parts.push({ type: "text", content });
  }
  for (const name of ["file", "file_url", "url"]) parts.push(...uploadedParts(field(request, name), "audio"));
  if (parts.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify([{ role: "user", parts }]));
}

interface Answer {
  readonly parts: readonly Part[];
  readonly usage: unknown;
  /** Seconds of sound that were listened to, where the provider told it. */
  readonly seconds: number | undefined;
  readonly failure: Failure | undefined;
  readonly firstContentAt: number | undefined;
  readonly finished: boolean;
}

function answerOf(call: Call, operation: string): Answer | undefined {
  if (isStream(call)) return operation === "speech" ? spokenStream(call) : transcribedStream(call);
  const rest = { failure: undefined, firstContentAt: undefined, finished: true };
  if (operation === "speech") {
    if (call.responseSize === 0) return undefined;
    const parts = [leftOutMedia(call.contentType.split(";", 1)[0], { bytes: call.responseSize }, "audio")];
    return { parts, usage: undefined, seconds: undefined, ...rest };
  }
  if (call.responseBody === "") return undefined;
  const told = parseJson(call.responseBody);
  // Subtitles and plain text come as they are.
  const content = recordOf(told) === undefined ? call.responseBody : (textField(told, "text") ?? "");
  const usage = field(told, "usage");
  const seconds = numberField(usage, "seconds") ?? numberField(usage, "prompt_audio_seconds");
  return { parts: [{ type: "text", content }], usage, seconds, ...rest };
}

/** `speech.audio.delta` has base64, `speech.audio.done` the usage. */
function spokenStream(call: Call): Answer {
  let bytes = 0;
  let usage: unknown;
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let finished = false;
  for (const { data, end } of serverSentEvents(call.responseBody)) {
    const event = parseJson(data);
    const type = textField(event, "type") ?? "";
    failure ??= failureIn(event);
    if (type === "speech.audio.delta") {
      bytes += Buffer.byteLength(textField(event, "audio") ?? textField(event, "delta") ?? "", "base64");
      firstContentAt ??= end;
    }
    if (type !== "speech.audio.done") continue;
    usage = field(event, "usage");
    finished = true;
  }
  const parts = bytes === 0 ? [] : [leftOutMedia(undefined, { bytes }, "audio")];
  return { parts, usage, seconds: undefined, failure, firstContentAt, finished };
}

/** `transcript.text.delta` has words, or with speakers `.segment`; `transcript.text.done` all of them and the usage. */
function transcribedStream(call: Call): Answer {
  let text = "";
  let usage: unknown;
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let finished = false;
  for (const { data, end } of serverSentEvents(call.responseBody)) {
    const event = parseJson(data);
    const type = textField(event, "type") ?? "";
    failure ??= failureIn(event);
    const delta = type.endsWith(".delta") ? (textField(event, "delta") ?? textField(event, "text") ?? "") : "";
    text += delta;
    if (delta !== "" || type.endsWith(".segment")) firstContentAt ??= end;
    if (!type.endsWith(".done")) continue;
    text = textField(event, "text") ?? text;
    usage = field(event, "usage");
    finished = true;
  }
  const parts: Part[] = text === "" ? [] : [{ type: "text", content: text }];
  return { parts, usage, seconds: numberField(usage, "seconds"), failure, firstContentAt, finished };
}

function setAnswer(attributes: AttributeMap, answer: Answer, call: Call, captureContent: boolean): void {
  const { parts, usage, seconds } = answer;
  setUsage(attributes, usage);
  if (seconds !== undefined) attributes.set("telltale.usage.audio.input_seconds", { double: seconds });
  const segments = listField(parseJson(isStream(call) ? "" : call.responseBody), "segments").length;
  if (segments > 0) attributes.set("telltale.audio.segments", segments);
  setTimeToFirstChunk(attributes, call, answer.firstContentAt);
  if (captureContent && parts.length > 0) {
    attributes.set("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts }]));
  }
}
