import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { OpenAI } from "openai";
import { z } from "zod";
import { trace } from "../testing/trace.ts";

/** A server with a tool that asks a model, one that says what it was sent, and some that go wrong. */
export function makeServer(): McpServer {
  const server = new McpServer({ name: "desk", version: "1.0.0" });
  server.registerTool(
    "ask",
    { description: "Asks the model", inputSchema: { question: z.string() } },
    async ({ question }) => {
      const openai = new OpenAI({ apiKey: "sk-test", baseURL: `${process.env["SERVER_URL"]}/v1`, maxRetries: 0 });
      const messages = [{ role: "user" as const, content: question }];
      const { choices } = await openai.chat.completions.create({ model: "gpt-4o", messages });
      return { content: [{ type: "text", text: choices[0]?.message.content ?? "" }] };
    },
  );
  server.registerTool("meta", { description: "Says what came along" }, (extra) => {
    return {
      content: [
        {
          type: "text",
          text: Object.keys(extra._meta ?? {})
            .toSorted()
            .join(","),
        },
      ],
    };
  });
  server.registerTool("fail", { description: "Throws" }, () => {
    throw new Error("The drawer is stuck.");
  });
  server.registerTool("slow", { description: "Never answers" }, (extra) => {
    return new Promise((_, reject) => extra.signal.addEventListener("abort", () => reject(new Error("stopped"))));
  });
  server.registerResource("page", new ResourceTemplate("help://{page}", { list: undefined }), {}, (uri) => {
    return { contents: [{ uri: uri.href, text: "Refunds take 30 days." }] };
  });
  server.registerPrompt("greet", { argsSchema: { name: z.string() } }, ({ name }) => {
    return { messages: [{ role: "user", content: { type: "text", text: `Hello ${name}` } }] };
  });
  return server;
}

async function overHttp(): Promise<void> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer((request, response) => {
    void (async () => {
      let transport = sessions.get(String(request.headers["mcp-session-id"]));
      if (transport === undefined) {
        const created = new StreamableHTTPServerTransport({
          sessionIdGenerator: randomUUID,
          onsessioninitialized: (id) => void sessions.set(id, created),
        });
        transport = created;
        await trace.watchMcp(makeServer()).connect(created);
      }
      await transport.handleRequest(request, response);
    })();
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
  });
  process.stdin.on("data", () => {}).on("end", () => void trace.flush().then(() => process.exit(0)));
}

if (process.argv[2] === "http") await overHttp();
if (process.argv[2] === "stdio") await trace.watchMcp(makeServer()).connect(new StdioServerTransport());
