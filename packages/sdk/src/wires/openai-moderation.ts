import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { contentParts } from "../openai/message-parts.ts";
import { copyText } from "../reading/attributes.ts";
import { failureOf } from "../reading/failure.ts";
import type { Reading, Wire } from "../wire.ts";

/** OpenAI's and Mistral's judgement of texts and pictures: a guardrail that costs nothing. */
export const openaiModeration: Wire = {
  name: "openai-moderation",
  claims: ({ path }) => path.endsWith("/moderations"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const input = field(request, "input");
    if (recordOf(request) !== undefined && input === undefined) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "moderation"]]);
    const model = textField(request, "model");
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    if (captureContent && input !== undefined) setInput(attributes, input);
    const failure = failureOf(call);
    if (failure === undefined) setAnswer(attributes, parseJson(call.responseBody), captureContent);
    const name = model === undefined ? "moderation" : `moderation ${model}`;
    return { name, kind: "guardrail", attributes, failure };
  },
};

function setInput(attributes: AttributeMap, input: unknown): void {
  const items: readonly unknown[] = Array.isArray(input) ? input : [input];
  // A list of typed parts is one input, a list of texts is several.
  const inputs = items.some((item) => recordOf(item) !== undefined)
    ? [contentParts(items)]
    : items.map((item) => contentParts(item));
  const messages = inputs.map((parts) => ({ role: "user", parts })).filter(({ parts }) => parts.length > 0);
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
}

function setAnswer(attributes: AttributeMap, answer: unknown, captureContent: boolean): void {
  copyText(attributes, "gen_ai.response.id", answer, "id");
  copyText(attributes, "gen_ai.response.model", answer, "model");
  const results = listField(answer, "results");
  if (results.length === 0) return;
  const flagged = results.map((result) => flaggedCategories(result));
  const isFlagged = results.some((result, index) => field(result, "flagged") === true || flagged[index]?.length !== 0);
  attributes.set("telltale.guardrail.flagged", isFlagged);
  const categories = [...new Set(flagged.flat())];
  if (categories.length > 0) attributes.set("telltale.guardrail.categories", categories);
  if (!captureContent) return;
  const parts = results.map((result) => ({
    type: "moderation_result",
    flagged: field(result, "flagged"),
    categories: flaggedCategories(result),
    scores: field(result, "category_scores"),
  }));
  attributes.set("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts }]));
}

function flaggedCategories(result: unknown): string[] {
  const categories = Object.entries(recordOf(field(result, "categories")) ?? {});
  return categories.filter(([, isFlagged]) => isFlagged === true).map(([name]) => name);
}
