import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as sdk from "@anthropic-ai/claude-agent-sdk";
import { z } from "zod";
import { type Print, runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const query = trace.watchClaudeAgent(sdk.query);

const home = mkdtempSync(join(tmpdir(), "claude-agent-"));
const env = {
  PATH: process.env["PATH"],
  HOME: home,
  TMPDIR: home,
  CLAUDE_CONFIG_DIR: join(home, ".claude"),
  ANTHROPIC_BASE_URL: process.env["SERVER_URL"],
  ANTHROPIC_API_KEY: "sk-ant-test",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  CLAUDE_CODE_MAX_RETRIES: "1",
  // Lets the CLI skip questions as root, too.
  IS_SANDBOX: "1",
};
const options: sdk.Options = {
  cwd: home,
  env,
  model: "claude-sonnet-5",
  settingSources: [],
  permissionMode: "bypassPermissions",
  allowDangerouslySkipPermissions: true,
};
const calls = (...list: readonly { readonly name: string; readonly input: object }[]): string =>
  `CALLS ${JSON.stringify(list)}`;
const bash = (command: string) => ({ name: "Bash", input: { command, description: "a command" } });

/** What a message says, without ids, times and the server's port, which are others in each run. */
function shown(message: sdk.SDKMessage): unknown {
  const told = new Map<string, unknown>(Object.entries(message));
  const inner = told.get("message") as { readonly content?: unknown; readonly usage?: unknown } | undefined;
  const plain = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value ?? null).replaceAll(/toolu_\w+|msg_\w+|agentId.*?<|<usage>.*?<.usage>|:\d+(?=\))/g, "…"),
    );
  return [
    message.type,
    told.get("subtype"),
    [...told.keys()].toSorted().join(" "),
    plain(inner?.content),
    plain(inner?.usage),
    plain(told.get("result")),
    told.get("is_error"),
    // A turn may end before the small call beside it, which names the conversation, is counted, or after it.
    typeof told.get("total_cost_usd"),
  ];
}

async function read(print: Print, messages: AsyncIterable<sdk.SDKMessage>): Promise<void> {
  for await (const message of messages) {
    if (["assistant", "user", "result"].includes(message.type)) print(shown(message));
  }
}

async function* said(...texts: readonly string[]): AsyncGenerator<sdk.SDKUserMessage> {
  for (const content of texts) yield { type: "user", message: { role: "user", content }, parent_tool_use_id: null };
}

/** A door that stays shut until it is opened. */
function door(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** The server is asked; the CLI takes a while to start. */
const UNTIL_ASKED_MS = 5000;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const ask = sdk.tool("ask", "Asks the house", { question: z.string() }, async ({ question }) =>
  trace.withSpan("look up", () => ({ content: [{ type: "text" as const, text: `Asked: ${question}` }] })),
);

const search = sdk.tool("search", "Searches the library", { query: z.string() }, async ({ query: text }) => {
  const documents = ["Parcels arrive within three days.", "Grüße aus 東京 🗼"];
  const found = await trace.withRetrieval("docs", { query: text, topK: 2 }, async () =>
    documents.map((content, index) => ({ id: `d${index}`, score: 0.9 - index * 0.4, content })),
  );
  return { content: found.map(({ content }) => ({ type: "text" as const, text: content })) };
});

const schema = {
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
  additionalProperties: false,
};
/** What the model gives as its structured answer; a text goes out as it is. */
const forecast = (input: object | string, order = "CALLS"): sdk.Query =>
  query({
    prompt: `${order} ${JSON.stringify([{ name: "StructuredOutput", input }])}`,
    options: {
      ...options,
      env: { ...env, MAX_STRUCTURED_OUTPUT_RETRIES: "2" },
      outputFormat: { type: "json_schema", schema },
    },
  });

await runScenarios({
  chat: async (print) => {
    const asked = query({ prompt: "Hello 東京", options });
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(asked)).toSorted();
    print(asked.constructor.name, query.name, query.length, Object.keys(asked).length, methods.join(" "));
    await read(print, asked);
  },
  tools: (print) => read(print, query({ prompt: calls(bash("echo one")), options })),
  "parallel-tools": (print) => read(print, query({ prompt: calls(bash("echo one"), bash("exit 3")), options })),
  structured: (print) => read(print, forecast({ city: "Oslo", degrees: 3 })),
  badjson: (print) => read(print, forecast('{"city":"Oslo","degr')),
  badschema: (print) => read(print, forecast({ city: "Oslo", degrees: "three" })),
  "badschema-always": (print) => read(print, forecast({ city: "Oslo", degrees: "three" }, "ALWAYS CALLS")),
  rag: async (print) => {
    const mcpServers = { library: sdk.createSdkMcpServer({ name: "library", tools: [search], alwaysLoad: true }) };
    const prompt = calls({ name: "mcp__library__search", input: { query: "When does it arrive?" } });
    await read(print, query({ prompt, options: { ...options, mcpServers } }));
  },
  stream: (print) =>
    read(print, query({ prompt: calls(bash("echo one")), options: { ...options, includePartialMessages: true } })),
  "multi-agent": async (print) => {
    const input = { description: "d", subagent_type: "general-purpose", prompt: calls(bash("echo two")) };
    const call = { name: "Agent", input: { ...input, run_in_background: false } };
    for await (const message of query({ prompt: calls(call), options })) {
      if (message.type === "result") print(shown(message));
    }
  },
  mcp: async (print) => {
    const mcpServers = { house: sdk.createSdkMcpServer({ name: "house", tools: [ask], alwaysLoad: true }) };
    const prompt = calls({ name: "mcp__house__ask", input: { question: "Where?" } });
    await read(print, query({ prompt, options: { ...options, mcpServers } }));
  },
  maxturns: (print) => read(print, query({ prompt: calls(bash("echo one")), options: { ...options, maxTurns: 1 } })),
  refused: (print) => read(print, query({ prompt: "BROKEN", options })),
  err429: (print) => read(print, query({ prompt: "LIMITED", options })),
  err500: (print) => read(print, query({ prompt: "OUT OF ORDER", options })),
  timeout: (print) =>
    read(print, query({ prompt: "HANG", options: { ...options, env: { ...env, API_TIMEOUT_MS: "1000" } } })),
  cut: (print) => read(print, query({ prompt: "CUT", options })),
  "cut-partial": (print) =>
    read(print, query({ prompt: "CUT", options: { ...options, includePartialMessages: true } })),
  abort: async (print) => {
    const abortController = new AbortController();
    setTimeout(() => abortController.abort(), 4000);
    const answer = query({ prompt: "HANG", options: { ...options, abortController } });
    // The class of the error has another name in every build of the SDK.
    await read(print, answer).catch((error: unknown) => print(error instanceof Error ? error.message : error));
  },
  abandoned: async (print) => {
    for await (const message of query({ prompt: calls(bash("echo one")), options })) {
      if (message.type !== "assistant") continue;
      print(shown(message));
      break;
    }
  },
  closed: async (print) => {
    const asked = query({ prompt: "HANG", options });
    await asked.initializationResult();
    asked.close();
    await read(print, asked);
  },
  turns: async (print) => {
    const asked = query({ prompt: said("one", "two"), options });
    print(await asked.setPermissionMode("default"));
    await read(print, asked);
  },
  unicode: (print) => read(print, query({ prompt: "Grüße 🗼 \u{1F468}\u200D\u{1F469}\u200D\u{1F467}", options })),
  big: (print) => read(print, query({ prompt: "Lorem ipsum — dolor. ".repeat(2500), options })),
  interrupt: async (print) => {
    const { opened, open } = door();
    async function* input(): AsyncGenerator<sdk.SDKUserMessage> {
      yield* said("HANG");
      await opened;
      yield* said("two");
    }
    const asked = query({ prompt: input(), options });
    const stopped = pause(UNTIL_ASKED_MS).then(async () => {
      await asked.interrupt();
      open();
    });
    for await (const message of asked) {
      if (message.type === "result") print(message.subtype, message.is_error);
    }
    await stopped;
  },
  "stream-input": async (print) => {
    const { opened, open } = door();
    // The prompt itself says nothing, and stays open for what comes by the other way.
    async function* input(): AsyncGenerator<sdk.SDKUserMessage> {
      await opened;
      yield* said();
    }
    const asked = query({ prompt: input(), options });
    const sent = asked.streamInput(said("one"));
    for await (const message of asked) {
      if (message.type !== "result") continue;
      print(shown(message));
      open();
    }
    await sent;
  },
  background: async (print) => {
    const input = { description: "d", subagent_type: "general-purpose", prompt: calls(bash("echo two")) };
    const call = { name: "Agent", input: { ...input, run_in_background: true } };
    for await (const message of query({ prompt: calls(call), options })) {
      if (message.type === "result") print(message.subtype);
    }
  },
  missing: (print) =>
    read(print, query({ prompt: "Hello", options: { ...options, pathToClaudeCodeExecutable: "/none/claude" } })),
  concurrent: async (print) => {
    const answers = ["Ada", "Bob"].map((user) =>
      trace.withSpan(user, async () => {
        trace.setUser(user);
        let text = "";
        for await (const message of query({ prompt: `I am ${user}`, options })) {
          if (message.type === "result" && message.subtype === "success") text = message.result;
        }
        return text;
      }),
    );
    print(await Promise.all(answers));
  },
});
// Last: nothing is watched after it.
await runScenarios({
  shutdown: async (print) => {
    const abortController = new AbortController();
    const asked = query({ prompt: "HANG", options: { ...options, abortController } });
    const stopped = pause(UNTIL_ASKED_MS).then(async () => {
      await trace.shutdown();
      abortController.abort();
    });
    await read(print, asked).catch((error: unknown) => print(error instanceof Error ? error.message : error));
    await stopped;
  },
});
rmSync(home, { recursive: true, force: true });
