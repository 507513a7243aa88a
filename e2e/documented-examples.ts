import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const FOLDERS = ["docs/guides", "docs/reference"];
const FILES = ["README.md", "packages/sdk/README.md"];
const BLOCK = /^```(?:ts|js)\n(.*?)^```/gms;

/** A piece of program in the documentation. */
export interface DocumentedExample {
  /** The file and its place in it: `docs/guides/mcp.md#0`. */
  readonly name: string;
  readonly code: string;
}

/** Every piece of TypeScript and JavaScript in the guides, the reference and the readme files. */
export function documentedExamples(): DocumentedExample[] {
  const files = [
    ...FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)),
    ...FILES,
  ];
  return files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      Array.from(readFileSync(join(root, file), "utf8").matchAll(BLOCK), ([, code = ""], place) => ({
        name: `${file}#${place}`,
        code,
      })),
    );
}

/** What stands around an example in a reader's program. */
export interface Surroundings {
  /** In front of it. */
  readonly before?: string;
  /** Behind it. */
  readonly after?: string;
  /** Spans that it sends at least; none where it only sets something up. */
  readonly spans?: number;
  /** Why it is not run here: where it is. */
  readonly elsewhere?: string;
}

const OPENAI = 'import { OpenAI } from "openai";\nconst openai = new OpenAI({ maxRetries: 0 });';
const CHAT = 'const messages = [{ role: "user" as const, content: "Hello" }];';
const SUPPORT = `
const chat = { id: "chat-7" };
const user = { id: "ann" };
const query = "How long?";
const template = "Answer {query}";
const search = async (asked: string) => [{ id: "refunds", content: asked }];
const write = async (asked: string, documents: readonly { readonly content: string }[]) => asked + documents.length;`;
const QUEUE = `
const job = "job-1";
const queue = { add: (sent: object) => console.log(Object.keys(sent)) };
const message = { job, context: Telltale.currentContext() };
const work = async (asked: string) => asked;`;
const MCP_SERVER = `
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
const server = new McpServer({ name: "desk", version: "1.0.0" });`;
const PLANNER = `
import { Agent } from "@mastra/core/agent";
const planner = new Agent({ id: "planner", name: "planner", instructions: "Plan.", model: "openai/gpt-4o" });`;
const NODE_SDK = `
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
const { BatchSpanProcessor } = tracing;
const exporter = new tracing.InMemorySpanExporter();`;

/** By example; one that is not here stands by itself and sends nothing. */
export const SURROUNDINGS: Readonly<Record<string, Surroundings>> = {
  "README.md#0": { before: `${OPENAI}\n${CHAT}`, spans: 2 },
  "packages/sdk/README.md#0": { spans: 2 },
  "docs/guides/browsers-and-workers.md#0": { elsewhere: "e2e/web-entry.test.ts" },
  "docs/guides/browsers-and-workers.md#1": {
    before: 'const button = document.createElement("button");',
    elsewhere: "e2e/web-entry.test.ts",
  },
  "docs/guides/browsers-and-workers.md#2": {
    before: "const handle = async (request: Request) => new Response(request.url);",
    elsewhere: "e2e/isolates.test.ts",
  },
  "docs/guides/bundlers-and-runtimes.md#1": { elsewhere: "e2e/next-server.test.ts" },
  "docs/guides/frameworks.md#0": { spans: 1 },
  "docs/guides/frameworks.md#1": {
    before: 'import { generateText } from "ai-6";\nimport { openai } from "ai-sdk-openai-3";',
    spans: 1,
  },
  "docs/guides/frameworks.md#2": { elsewhere: "e2e/clients/claude-agent.test.ts" },
  "docs/guides/frameworks.md#3": { before: PLANNER },
  "docs/guides/instrument-node.md#1": { before: SUPPORT, spans: 3 },
  "docs/guides/instrument-node.md#2": { before: QUEUE, spans: 1 },
  "docs/guides/instrument-node.md#4": { before: NODE_SDK },
  "docs/guides/langchain.md#0": { spans: 2 },
  "docs/guides/llamaindex.md#0": { spans: 2 },
  "docs/guides/mcp.md#0": { elsewhere: "e2e/clients/mcp.test.ts" },
  "docs/guides/mcp.md#1": { before: MCP_SERVER, elsewhere: "e2e/clients/mcp.test.ts" },
  "docs/guides/move-from-langfuse.md#0": { spans: 2 },
  "docs/guides/move-from-langsmith.md#0": { spans: 2 },
  "docs/guides/sending-and-sampling.md#1": { elsewhere: "e2e/isolates.test.ts" },
  "docs/guides/sending-and-sampling.md#2": {
    before: "const work = async (event: unknown) => Telltale.withTask(`work`, () => event);",
    after: "await handler({});",
    spans: 1,
  },
};

/** The example as a program: with the import that its page has further up, and what stands around it. */
export function programOf({ name, code }: DocumentedExample): string {
  const { before = "", after = "" } = SURROUNDINGS[name] ?? {};
  const usesSdk = /\bTelltale\b/.test(code);
  const imports = usesSdk && !code.includes('from "@telltale/sdk"') ? 'import { Telltale } from "@telltale/sdk";' : "";
  return [imports, before, code, after, "export {};"].filter((part) => part !== "").join("\n");
}
