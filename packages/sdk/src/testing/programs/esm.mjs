import { Telltale } from "@telltale/sdk";
import { OpenAI } from "openai";

Telltale.initialize({
  appName: "customer-support-agent",
  disableBatchSending: process.env.NODE_ENV === "development",
});
const openai = new OpenAI();

const generateSupportResponse = (userInput) =>
  Telltale.withSpan("generate_response", async () => {
    const response = await openai.chat.completions.create({
      model: "echo",
      messages: [{ role: "user", content: userInput }],
    });
    return response.choices[0].message.content;
  });

const text = await generateSupportResponse("Where is my parcel?");
process.stdout.write(text);
