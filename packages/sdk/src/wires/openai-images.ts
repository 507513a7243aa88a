import type { AttributeMap } from "../attribute-value.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { lastObject } from "../json/last-object.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { deploymentOf, isStream } from "../openai/chat-reading.ts";
import { wholeOrCut } from "../openai/cut-answer.ts";
import { uploadedParts } from "../openai/uploaded-parts.ts";
import { setUsage, setUsageOfModels, usageCounts } from "../openai/usage.ts";
import { copyText } from "../reading/attributes.ts";
import { type Failure, failureIn, failureOf, isFiltered } from "../reading/failure.ts";
import type { Part } from "../reading/message.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import { setTimeToFirstChunk } from "../reading/time-to-first-chunk.ts";
import { leftOutMedia } from "../span/media.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** OpenAI's pictures: drawn, changed and varied. Neither those sent nor those drawn are sent along. */
export const openaiImages: Wire = {
  name: "openai-images",
  claims: ({ path }) =>
    path.endsWith("/images/generations") || path.endsWith("/images/edits") || path.endsWith("/images/variations"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const asked = field(request, "prompt") ?? field(request, "image");
    if (recordOf(request) !== undefined && asked === undefined) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "image_generation"]]);
    const model = textField(request, "model") ?? deploymentOf(call.request.path);
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    setRequest(attributes, request);
    if (captureContent) setInput(attributes, request);
    const failure = failureOf(call);
    const answer = failure === undefined && call.responseBody !== "" ? answerOf(call) : undefined;
    if (answer !== undefined) setAnswer(attributes, answer, { call, model, captureContent });
    return {
      name: model === undefined ? "image_generation" : `image_generation ${model}`,
      kind: "llm",
      attributes,
      failure: failure ?? answer?.failure,
      ...(isFiltered(failure) ? { outcome: "refused" as const } : {}),
      ...(isStream(call) && answer !== undefined ? outcomeOfStream(call, answer) : {}),
    };
  },
};

function setRequest(attributes: AttributeMap, request: unknown): void {
  attributes.set("gen_ai.output.type", "image");
  // A form has every value as a text.
  const count = Number(field(request, "n") ?? 1);
  if (Number.isSafeInteger(count) && count > 1) attributes.set("gen_ai.request.choice.count", count);
  if (String(field(request, "stream")) === "true") attributes.set("gen_ai.request.stream", true);
  for (const name of ["size", "quality", "style", "background", "output_format"]) {
    copyText(attributes, `telltale.image.${name}`, request, name);
  }
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const prompt = textField(request, "prompt");
  const parts: Part[] = prompt === undefined ? [] : [{ type: "text", content: prompt }];
  for (const name of ["image", "images", "mask"]) parts.push(...uploadedParts(field(request, name), "image"));
  if (parts.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify([{ role: "user", parts }]));
}

interface Answer {
  /** The answer, or the last event of a stream. */
  readonly told: unknown;
  readonly images: readonly unknown[];
  readonly failure: Failure | undefined;
  readonly firstContentAt: number | undefined;
  readonly finished: boolean;
}

function answerOf(call: Call): Answer | undefined {
  if (!isStream(call)) {
    const told = wholeOrCut(call.responseBody);
    if (told === undefined) return undefined;
    const images = listField(told, "data");
    return { told, images, failure: failureIn(told), firstContentAt: undefined, finished: true };
  }
  const images: unknown[] = [];
  let told: unknown;
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let finished = false;
  for (const { data, end } of serverSentEvents(call.responseBody)) {
    const event = parseJson(data) ?? {
      type: /\.completed"/.test(data) ? "cut.completed" : "",
      usage: lastObject(data, "usage"),
    };
    const type = textField(event, "type") ?? "";
    failure ??= failureIn(type === "error" && field(event, "error") === undefined ? { error: event } : event);
    if (type.endsWith(".partial_image") || type.endsWith(".completed")) firstContentAt ??= end;
    if (!type.endsWith(".completed")) continue;
    images.push(event);
    told = event;
    finished = true;
  }
  return { told, images, failure, firstContentAt, finished };
}

interface Context {
  readonly call: Call;
  readonly model: string | undefined;
  readonly captureContent: boolean;
}

function setAnswer(attributes: AttributeMap, answer: Answer, { call, model, captureContent }: Context): void {
  const { told, images } = answer;
  setTimeToFirstChunk(attributes, call, answer.firstContentAt);
  setImageUsage(attributes, told, model);
  for (const name of ["size", "quality", "background", "output_format"]) {
    copyText(attributes, `telltale.image.${name}`, told, name);
  }
  if (images.length > 0) attributes.set("telltale.image.count", images.length);
  if (!captureContent || images.length === 0) return;
  const format = textField(told, "output_format") ?? "png";
  const parts = images.flatMap((image) => imageParts(image, format));
  attributes.set("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts, finish_reason: "stop" }]));
}

/** Pictures in SVG come from another model, which is billed beside. */
function setImageUsage(attributes: AttributeMap, told: unknown, model: string | undefined): void {
  const usage = field(told, "usage");
  setUsage(attributes, usage);
  const counts = usageCounts(usage);
  // Without details all that comes out is the picture (API reference, images, usage.output_tokens).
  const outputImage =
    counts.outputImage ?? (field(usage, "output_tokens_details") === undefined ? counts.output : undefined);
  if (outputImage !== undefined) attributes.set("gen_ai.usage.image.output_tokens", outputImage);
  const svg = field(told, "svg_usage");
  const author = textField(svg, "model");
  if (author === undefined) return;
  const drawn =
    model === undefined || counts.input === undefined ? [] : [{ model, counts: { ...counts, outputImage } }];
  setUsageOfModels(attributes, [...drawn, { model: author, counts: usageCounts(svg) }]);
}

function imageParts(image: unknown, format: string): Part[] {
  const base64 = textField(image, "b64_json");
  const url = textField(image, "url");
  const revised = textField(image, "revised_prompt");
  const parts: Part[] = revised === undefined || revised === "" ? [] : [{ type: "text", content: revised }];
  const mimeType = format === "svg" ? "image/svg+xml" : `image/${format}`;
  if (base64 !== undefined) parts.push(leftOutMedia(mimeType, { base64 }, "image"));
  else if (url !== undefined) parts.push({ type: "uri", modality: "image", uri: url });
  return parts;
}
