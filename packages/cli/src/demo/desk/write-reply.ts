import { Telltale } from "@telltale/sdk";
import type { OpenAI } from "openai";
import { HANDBOOK } from "./handbook.ts";

/** What the writer is told. */
export interface Brief {
  readonly customer: string;
  readonly language: string;
  readonly letter: string;
  readonly notes: string;
}

/** Writes the answer to the customer, streamed as a page would show it. */
export async function writeReply(client: OpenAI, model: string, brief: Brief): Promise<string> {
  const description = "writes to the customer";
  return Telltale.withAgent("writer", { description, input: brief.notes }, async () => {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.4,
      messages: [
        { role: "system", content: `${HANDBOOK}\n\nYou write the answer to the customer, in at most 120 words.` },
        {
          role: "user",
          content: `Customer: ${brief.customer.charAt(0).toUpperCase()}${brief.customer.slice(1)}\nLanguage: ${brief.language}\nLetter: ${brief.letter}\n\nNotes: ${brief.notes}`,
        },
      ],
    });
    let reply = "";
    for await (const chunk of stream) reply += chunk.choices[0]?.delta.content ?? "";
    return reply;
  });
}
