import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/*
 * docs/reference/sdk-scenarios.md says what each client is tried with. It is made of the tests themselves: a scenario
 * counts where a test beside this one expects its tree by name and the program of that test has it. Written by
 * `npx vitest run e2e/clients/matrix.test.ts -u`.
 */

const SCENARIOS = [
  "chat",
  "stream",
  "tools",
  "parallel-tools",
  "structured",
  "badjson",
  "embeddings",
  "rag",
  "multi-agent",
  "err429",
  "err500",
  "timeout",
  "abort",
  "abandoned",
  "cut",
  "concurrent",
  "unicode",
  "big",
] as const;
type Scenario = (typeof SCENARIOS)[number];

interface Client {
  readonly packages: readonly string[];
  /** Name of the test and of its program. */
  readonly test: string;
  readonly how?: string;
  /** What the client has not, and why. */
  readonly without?: Readonly<Partial<Record<Scenario, string>>>;
}

const NO_EMBEDDINGS = "the framework has no door of its own to embeddings; they are asked for inside of `rag`";
const NO_VECTORS = "the API makes none; `rag` searches without";
const CLIENTS: readonly Client[] = [
  { packages: ["openai", "openai-4"], test: "openai" },
  {
    packages: ["@anthropic-ai/sdk"],
    test: "anthropic",
    without: { embeddings: NO_VECTORS },
  },
  { packages: ["@google/genai"], test: "gemini" },
  { packages: ["@aws-sdk/client-bedrock-runtime"], test: "bedrock", how: "by HTTP/2 and by HTTP/1" },
  { packages: ["@mistralai/mistralai"], test: "mistral" },
  { packages: ["cohere-ai"], test: "cohere" },
  { packages: ["ollama"], test: "ollama" },
  { packages: ["ai", "ai-6", "ai-5", "../clients-ai4:ai"], test: "ai", how: "with `@ai-sdk/openai`" },
  { packages: ["@langchain/openai"], test: "langchain", how: "with `langchain`" },
  { packages: ["@langchain/langgraph"], test: "langgraph", how: "with `@langchain/openai`" },
  { packages: ["llamaindex"], test: "llamaindex", how: "with `@llamaindex/openai`" },
  { packages: ["@openai/agents"], test: "openai-agents", without: { embeddings: NO_EMBEDDINGS } },
  { packages: ["@mastra/core"], test: "mastra", without: { embeddings: NO_EMBEDDINGS } },
  {
    packages: ["@anthropic-ai/claude-agent-sdk"],
    test: "claude-agent",
    how: "with its own CLI",
    without: { embeddings: NO_VECTORS },
  },
];
/** Clients whose scenarios are of another kind, and told by name. */
const OTHERS: readonly { readonly test: string; readonly packages: readonly string[] }[] = [
  {
    test: "vector-stores",
    packages: [
      "@qdrant/js-client-rest",
      "chromadb",
      "@pinecone-database/pinecone",
      "weaviate-client",
      "@elastic/elasticsearch",
      "@opensearch-project/opensearch",
    ],
  },
  { test: "weaviate", packages: ["weaviate-client"] },
  { test: "postgres", packages: ["pg"] },
  { test: "mcp", packages: ["@modelcontextprotocol/sdk"] },
];

/** Scenarios whose tree a test expects: `["chat", …]`, where what follows the name is no text. */
const EXPECTED = /\[\s*"([a-z][a-z0-9-]*)(?: ! [^"]*)?",\s*(?=[[a-zA-Z"`])(?!"[a-z]+")/g;
/** Scenarios that a program has: `chat: async (print) => …`. */
const HELD = /^ {2}"?([a-z][a-z0-9-]*)"?: (?:async )?\(/gm;

const here = import.meta.dirname;
const read = (file: string): string => readFileSync(join(here, file), "utf8");
const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = ""]) => name);

/** What is expected and held, in the order in which the program has it. */
function scenariosOf(test: string): ReadonlySet<string> {
  const [expected, held] = [read(`${test}.test.ts`), read(`programs/${test}.ts`)];
  const isTried =
    /is one tree|in one tree/.test(expected) && /behaves? with the SDK as (?:it does|they do) without/.test(expected);
  const common = ["rag", "multi-agent"];
  const named = new Set([
    ...namesIn(expected, EXPECTED),
    ...(expected.includes("...commonTrees(") || expected.includes("...common,") ? common : []),
  ]);
  const all = [...namesIn(held, HELD), ...(held.includes("...commonScenarios(") ? common : [])];
  return new Set(isTried ? all.filter((name) => named.has(name)) : []);
}

function installed(name: string): string {
  const [folder, named] = name.includes(":") ? name.split(":") : [".", name];
  const own = JSON.parse(read(join(folder ?? ".", "package.json"))) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const root = JSON.parse(read("../../package.json")) as { readonly devDependencies: Readonly<Record<string, string>> };
  const told = own.dependencies[named ?? name] ?? root.devDependencies[name] ?? "";
  const [, alias = named, version = told] = /^npm:(.+)@(.+)$/.exec(told) ?? [];
  return `\`${alias}\` ${version}`;
}

function tableOf(): string {
  const notes: string[] = [];
  const rows = CLIENTS.map(({ packages, test, how, without = {} }) => {
    const tried = scenariosOf(test);
    const cells = SCENARIOS.map((scenario) => {
      if (tried.has(scenario)) return "yes";
      const reason = without[scenario] ?? "not tried";
      if (!notes.includes(reason)) notes.push(reason);
      return `– (${notes.indexOf(reason) + 1})`;
    });
    const more = [...tried].filter((name) => !SCENARIOS.some((one) => one === name));
    const client = `${packages.map(installed).join(", ")}${how === undefined ? "" : ` ${how}`}`;
    return `| ${client} | ${cells.join(" | ")} | ${more.join(", ")} |`;
  });
  const head = ["client", ...SCENARIOS, "and"];
  const others = OTHERS.map(
    ({ test, packages }) => `| ${packages.map(installed).join(", ")} | ${[...scenariosOf(test)].join(", ")} |`,
  );
  return [
    read("matrix-head.md").trimEnd(),
    "",
    `| ${head.join(" | ")} |`,
    `|${" --- |".repeat(head.length)}`,
    ...rows,
    "",
    ...notes.map((note, index) => `${index + 1}. ${note}`),
    "",
    "## Stores and tools",
    "",
    "| client | scenarios |",
    "| --- | --- |",
    ...others,
    "",
  ].join("\n");
}

describe("the table of clients and scenarios", () => {
  it("is what the tests say", async () => {
    await expect(tableOf()).toMatchFileSnapshot("../../docs/reference/sdk-scenarios.md");
  });

  it.each(CLIENTS.map(({ test, without = {} }) => [test, without] as const))(
    "has %s in every scenario that its client can do",
    (test, without) => {
      const tried = scenariosOf(test);
      const missing = SCENARIOS.filter((scenario) => tried.has(scenario) === (without[scenario] !== undefined));
      expect(missing).toEqual([]);
    },
  );
});
