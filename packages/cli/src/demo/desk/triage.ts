import { Telltale } from "@telltale/sdk";
import type { OpenAI } from "openai";
import { HANDBOOK } from "./handbook.ts";

/** What a letter is about. */
export interface Triage {
  readonly intent: "refund" | "question";
  readonly order_id: string | null;
  readonly urgency: "normal" | "high";
  readonly language: string;
  readonly summary: string;
}

const SCHEMA = {
  type: "object",
  properties: {
    intent: { type: "string", enum: ["refund", "question"] },
    order_id: { type: ["string", "null"] },
    urgency: { type: "string", enum: ["normal", "high"] },
    language: { type: "string", description: "ISO 639-1" },
    summary: { type: "string" },
  },
  required: ["intent", "order_id", "urgency", "language", "summary"],
  additionalProperties: false,
};

const INSTRUCTIONS =
  "You sort letters. A letter is a refund when the customer wants money back or an item came damaged and an order " +
  "number is told; everything else is a question. Answer only with JSON.";

/** Asks a model to sort a letter. Throws when its answer is no triage: a 200 OK can still be broken. */
export async function triage(client: OpenAI, model: string, letter: string): Promise<Triage> {
  const description = "sorts letters";
  return Telltale.withAgent("triage", { description, input: letter, captureOutput: true }, async () => {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [
        { role: "system", content: `${HANDBOOK}\n\n${INSTRUCTIONS}` },
        { role: "user", content: letter },
      ],
      response_format: { type: "json_schema", json_schema: { name: "triage", strict: true, schema: SCHEMA } },
    });
    const answer: unknown = JSON.parse(choices[0]?.message.content ?? "");
    if (!isTriage(answer)) throw new Error("The answer of the model is no triage.");
    return answer;
  });
}

function isTriage(value: unknown): value is Triage {
  if (typeof value !== "object" || value === null) return false;
  return "intent" in value && "language" in value && (value.intent === "refund" || value.intent === "question");
}
