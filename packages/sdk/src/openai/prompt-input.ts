import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, recordOf, textField } from "../json/read-json.ts";
import type { Part } from "../reading/message.ts";

/** Writes the prompt of a completion, each text as a message, and what is to follow it. Token numbers are no text. */
export function setPromptInput(attributes: AttributeMap, request: unknown): void {
  const prompt = field(request, "prompt");
  const suffix = textField(request, "suffix") ?? textField(request, "input_suffix") ?? "";
  const prompts = (Array.isArray(prompt) ? listField(request, "prompt") : [prompt]).map(textOf);
  const messages = prompts.flatMap((text) => {
    const parts: Part[] = text === undefined ? [] : [{ type: "text", content: text }];
    if (parts.length > 0 && suffix !== "") parts.push({ type: "suffix", content: suffix });
    return parts.length === 0 ? [] : [{ role: "user", parts }];
  });
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
}

/** llama.cpp takes `{ prompt_string, multimodal_data }` too. */
function textOf(prompt: unknown): string | undefined {
  return typeof prompt === "string" ? prompt : textField(recordOf(prompt), "prompt_string");
}
