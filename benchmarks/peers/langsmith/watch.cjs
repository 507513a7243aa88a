const { Client } = require("langsmith");
const { wrapOpenAI } = require("langsmith/wrappers");

exports.watch = (sink) => {
  process.env.LANGSMITH_TRACING = "true";
  const client = new Client({ apiUrl: sink, apiKey: "none" });
  return { wrap: (openai) => wrapOpenAI(openai, { client }), flush: () => client.awaitPendingTraceBatches() };
};
