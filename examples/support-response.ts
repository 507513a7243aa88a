// Watches one call of the OpenAI client: npm install @telltale/sdk openai, then node support-response.ts
// with OPENAI_API_KEY set and Telltale running.
import { Telltale } from "@telltale/sdk";
import { OpenAI } from "openai";

Telltale.initialize({
  appName: "customer-support-agent",
  disableBatchSending: process.env.NODE_ENV === "development",
});

const openai = new OpenAI();

/** Answers one message of a customer. */
export const generateSupportResponse = (userInput: string): Promise<string | null | undefined> =>
  Telltale.withSpan("generate_response", async () => {
    const response = await openai.chat.completions.create({
      model: "gpt-4o",
      messages: [{ role: "user", content: userInput }],
    });
    return response.choices[0]?.message.content;
  });

console.log(await generateSupportResponse("Where is my parcel?"));
