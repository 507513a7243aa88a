import type { AttributeMap } from "../attribute-value.ts";

/** What was embedded, each text as a message; lists of token numbers are no text. */
export function setEmbedded(attributes: AttributeMap, inputs: readonly unknown[]): void {
  const texts = inputs.filter((item) => typeof item === "string");
  if (texts.length === 0) return;
  const messages = texts.map((content) => ({ role: "user", parts: [{ type: "text", content }] }));
  attributes.set("gen_ai.input.messages", JSON.stringify(messages));
}
