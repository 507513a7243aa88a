const { Telltale } = require("@telltale/sdk");
const { OpenAI } = require("openai");

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

generateSupportResponse("Where is my parcel?").then((text) => process.stdout.write(text));
