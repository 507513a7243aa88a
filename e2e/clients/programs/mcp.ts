import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CreateMessageRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { errorText, type Print, runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";
import { makeServer } from "./mcp-server.ts";

const file = join(import.meta.dirname, "mcp-server.ts");
const env = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);

function clientOf(): Client {
  return new Client({ name: "program", version: "1.0.0" }, { capabilities: { sampling: {} } });
}

async function useAll(client: Client, print: Print): Promise<void> {
  const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
  print((await client.listTools()).tools.map(({ name }) => name));
  print((await call("ask", { question: "Where is my parcel?" })).content);
  print((await call("fail")).content);
  print((await call("nothing")).content);
  print((await client.readResource({ uri: "help://refunds" })).contents);
  print(await client.readResource({ uri: "none://" }).catch(errorText));
  print((await client.getPrompt({ name: "greet", arguments: { name: "Ann" } })).messages);
  print(await client.ping());
}

async function overHttp(print: Print, use: (client: Client) => Promise<void>): Promise<void> {
  const server = spawn(process.execPath, [...process.execArgv, file, "http"], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  const client = trace.watchMcp(clientOf());
  const transport: Transport = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`));
  await client.connect(transport);
  await use(client);
  await client.close();
  server.stdin.end();
  await once(server, "exit");
  print("closed");
}

async function inMemory(use: (client: Client, server: ReturnType<typeof makeServer>) => Promise<void>): Promise<void> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = trace.watchMcp(makeServer());
  const client = clientOf();
  await Promise.all([server.connect(far), client.connect(trace.watchMcp(near))]);
  await use(client, server);
  await client.close();
}

await runScenarios({
  stdio: async (print) => {
    const client = clientOf();
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [...process.execArgv, file, "stdio"],
      env,
    });
    await client.connect(trace.watchMcp(transport));
    await useAll(client, print);
    await client.close();
  },
  http: (print) => overHttp(print, (client) => useAll(client, print)),
  memory: (print) => inMemory((client) => useAll(client, print)),
  sampling: (print) =>
    inMemory(async (client, server) => {
      client.setRequestHandler(CreateMessageRequestSchema, (request) => ({
        model: "gpt-4o",
        role: "assistant",
        content: { type: "text", text: `${request.params.messages.length} message` },
      }));
      const messages = [{ role: "user" as const, content: { type: "text" as const, text: "Hi" } }];
      print((await server.server.createMessage({ messages, maxTokens: 10 })).content);
    }),
  timeout: (print) =>
    inMemory(async (client) => {
      print(await client.callTool({ name: "slow" }, undefined, { timeout: 30 }).catch(errorText));
    }),
  abort: (print) =>
    inMemory(async (client) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 20);
      print(await client.callTool({ name: "slow" }, undefined, { signal: controller.signal }).catch(errorText));
    }),
  closed: (print) =>
    inMemory(async (client) => {
      const answer = client.callTool({ name: "slow" }).catch(errorText);
      await client.close();
      print(await answer);
    }),
  silent: async (print) => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = clientOf();
    await makeServer().connect(far);
    await client.connect(trace.watchMcp(near, { propagate: false }));
    print((await client.callTool({ name: "meta" })).content);
    await client.close();
  },
  concurrent: (print) =>
    overHttp(print, async (client) => {
      const ask = (name: string) =>
        trace.withSpan(`for ${name}`, async () => {
          trace.setUser(name);
          return (await client.callTool({ name: "ask", arguments: { question: `I am ${name}` } })).content;
        });
      print(await Promise.all(["Ann", "Bob", "Cem"].map((name) => ask(name))));
    }),
});
