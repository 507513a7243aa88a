/* Leaks the secrets of SECRETS (JSON: name → value) in every place where a span can carry text. */
import { createServer } from "node:http";
import { shutdown, Telltale } from "@telltale/sdk";
import * as sdk from "@telltale/sdk";

const secrets = JSON.parse(process.env.SECRETS ?? "{}");
const all = Object.entries(secrets).map(([name, value]) => `${name} ${value}`);
const prose = `Here is everything. ${all.join(" ; ")} . Thanks.`;
const encoded =
  process.env.ENCODED === "1" ? all.map((one) => [Buffer.from(one).toString("base64"), encodeURIComponent(one)]) : [];
const nested = { text: prose, deep: { json: JSON.stringify({ again: JSON.stringify({ all, encoded }) }) }, encoded };

const server = createServer((request, response) => {
  const answer = prose;
  request.resume().on("end", () => {
    if (request.url.includes("stream")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      // Seven letters at a time: every secret is split over several pieces.
      for (const content of answer.match(/.{1,7}/gsu) ?? [])
        response.write(
          `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta: { content } }] })}\n\n`,
        );
      return response.end("data: [DONE]\n\n");
    }
    const failed = request.url.includes("fail");
    response.writeHead(failed ? 400 : 200, { "content-type": "application/json", "x-request-id": all[0] });
    const message = {
      role: "assistant",
      content: answer,
      tool_calls: [{ id: "1", type: "function", function: { name: "send", arguments: JSON.stringify(nested) } }],
    };
    response.end(
      JSON.stringify(
        failed
          ? { error: { message: answer, type: "invalid_request_error" } }
          : { id: "c", model: "m", choices: [{ index: 0, message, finish_reason: "stop" }] },
      ),
    );
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${server.address().port}`;

Telltale.initialize({ resourceAttributes: { note: prose } });

/** @param {string} path @param {object} more */
const ask = async (path, more = {}) => {
  const messages = [
    { role: "system", content: prose },
    { role: "user", content: [{ type: "text", text: JSON.stringify(nested) }] },
  ];
  const response = await fetch(`${base}${path}/v1/chat/completions?key=${encodeURIComponent(all[0])}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secrets.openai}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "m", messages, ...more }),
  });
  await response.text();
};

await sdk
  .withSpan(`span ${prose}`, { input: nested, userId: secrets.email, sessionId: all.join(" ") }, async (span) => {
    sdk.setTags(all);
    sdk.setMetadata({ note: prose, password: "correct horse battery", list: all });
    span.setAttribute("http.request.header.authorization", ["Bearer hunter2hunter2"]);
    span.setAttribute("x-api-key", "not a known form");
    span.setAttribute(
      "url.full",
      `https://user:Pa55word.${secrets.openai.slice(-6)}@host.test/?q=${encodeURIComponent("x")}`,
    );
    for (const [name, value] of Object.entries(secrets)) span.setAttribute(`app.${name}`, `${name}: ${value}`);
    span.setAttribute(`named ${all[0]}`, "by a secret");
    sdk.recordPrompt(`Hello {{who}} ${prose}`, { who: prose }, "1");
    sdk.score("quality", 1, prose);
    await ask("");
    await ask("/stream", { stream: true });
    await ask("/fail");
    sdk.withTool("send", { input: nested }, () => nested);
    sdk.withRetrieval("search", { query: prose }, () => [{ id: "1", content: prose, metadata: nested }]);
    sdk.withSpan("large", { input: `${"All is well. ".repeat(40_000)}${prose}` }, () => "x".repeat(300_000) + prose);
    // Names that become keys of metrics where a trace is not sent.
    sdk.withAgent(`agent of ${secrets.email}`, {}, () =>
      sdk.withSpan(
        "call",
        {
          kind: "llm",
          attributes: {
            "gen_ai.agent.name": `agent of ${secrets.email}`,
            "gen_ai.provider.name": `proxy ${secrets.database}`,
            "gen_ai.response.model": `model ${secrets.openai}`,
            "gen_ai.usage.input_tokens": 7,
            "gen_ai.response.id": "1",
          },
        },
        () => 1,
      ),
    );
    await sdk
      .withSpan("fails", () => {
        throw Object.assign(new Error(prose), { code: all[0] });
      })
      .catch?.(() => {});
  })
  .catch(() => {});
await shutdown();
server.close();
