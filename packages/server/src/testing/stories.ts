/** A call of a model as the scripted server answered it: tokens in, tokens out, words of the answer. */
export type ToldCall = readonly [input: number | null, output: number | null, says?: string];

/** What a scripted program does, whichever SDK watches it. */
export interface Story {
  readonly model: string;
  readonly kind?: "llm" | "embedding";
  /** Words of what every call is asked. */
  readonly asks?: string;
  readonly calls: readonly ToldCall[];
  /** Tools that run, in any order. */
  readonly tools?: readonly string[];
  /** The calls fail: no answer and no tokens. */
  readonly fails?: true;
}

const CAPITAL = "What is the capital of France?";
const PARIS = "Paris is the capital of France.";
const SUNNY = "partly cloudy in Paris right now";
const REFUND = "Can I get a refund after three weeks?";
const RECEIPT = "refunds are granted within 30 days of purchase";
const SEARCH = "Let me search once more.";
const MINI = "gpt-4o-mini";
const SONNET = "claude-sonnet-4-5";

/** An agent that circles: each search adds to what the next call is asked. */
function circling(...inputs: readonly number[]): Pick<Story, "asks" | "calls" | "tools"> {
  return {
    asks: "EU customers",
    calls: inputs.map((input) => [input, 6, SEARCH]),
    tools: inputs.map(() => "search_docs"),
  };
}

const RESEARCH: readonly string[] = [
  "researcher",
  "[researcher] Refunds: 30 days",
  "writer",
  "[writer] You may",
  "FINISH",
];

function crew(...tokens: readonly (readonly [number, number])[]): readonly ToldCall[] {
  return tokens.map(([input, output], index) => [input, output, RESEARCH[index] ?? ""]);
}

/** Programs on the OpenAI and Anthropic clients, by scenario. */
export const CLIENT_STORIES: Readonly<Record<string, Story>> = {
  "anthropic-chat": { model: SONNET, asks: CAPITAL, calls: [[658, 23, PARIS]] },
  "anthropic-err429": { model: SONNET, asks: "hi", calls: [[null, null]], fails: true },
  "anthropic-stream": { model: SONNET, asks: CAPITAL, calls: [[656, 23, PARIS]] },
  "anthropic-stream-helper": { model: SONNET, asks: CAPITAL, calls: [[656, 23, PARIS]] },
  "anthropic-thinking": { model: SONNET, asks: CAPITAL, calls: [[656, 23, "The user asks for a capital city."]] },
  "anthropic-tools": {
    model: SONNET,
    asks: "Weather in Paris?",
    calls: [
      [653, 18, "get_weather"],
      [723, 20, SUNNY],
    ],
    tools: ["get_weather"],
  },
  badjson: { model: MINI, asks: "Give me a JSON person: Ada", calls: [[30, 14, "engines"]] },
  big: { model: MINI, asks: "The quick brown fox", calls: [[51768, 23, PARIS]] },
  chat: { model: MINI, asks: CAPITAL, calls: [[31, 23, PARIS]] },
  concurrent: { model: MINI, asks: "Question ", calls: Array.from({ length: 5 }, () => [26, 23, PARIS] as const) },
  "context-loss": { model: MINI, asks: "Called from a pool worker", calls: [[36, 23, PARIS]] },
  embeddings: { model: "text-embedding-3-small", kind: "embedding", asks: "refund policy", calls: [[9, null]] },
  err429: { model: MINI, asks: "hello", calls: [[null, null]], fails: true },
  err500: { model: MINI, asks: "hello", calls: [[null, null]], fails: true },
  length: { model: MINI, asks: CAPITAL, calls: [[31, 6, "Paris is the capital of"]] },
  "long-history": { model: MINI, asks: "And now?", calls: [[2019, 23, PARIS]] },
  "multi-agent": {
    model: MINI,
    asks: "Write a two-line refund notice.",
    calls: crew([34, 11], [29, 20], [67, 12], [61, 17], [96, 13]),
  },
  "ollama-chat": { model: "llama3.2", asks: "capital of France?", calls: [[15, 23, PARIS]] },
  "parallel-tools": {
    model: MINI,
    asks: "Weather in Paris and Lyon?",
    calls: [
      [30, 76, "Lyon"],
      [196, 20, SUNNY],
    ],
    tools: ["get_weather", "get_weather"],
  },
  "pinecone-rag": { model: MINI, asks: "Gift cards", calls: [[64, 27, RECEIPT]] },
  "qdrant-rag": { model: MINI, asks: "Gift cards", calls: [[69, 27, RECEIPT]] },
  "li-rag": { model: MINI, asks: "Refund after three weeks?", calls: [[77, 27, RECEIPT]] },
  rag: { model: MINI, asks: REFUND, calls: [[68, 27, RECEIPT]] },
  reasoning: { model: "gpt-5-mini", asks: CAPITAL, calls: [[31, 87, PARIS]] },
  refusal: { model: MINI, asks: "do something bad", calls: [[28, 1]] },
  responses: { model: "gpt-5-mini", asks: CAPITAL, calls: [[8, 87, PARIS]] },
  "responses-stream": { model: "gpt-5-mini", asks: CAPITAL, calls: [[15, 87, PARIS]] },
  "responses-tools": {
    model: MINI,
    asks: "Weather in Paris?",
    calls: [
      [12, 18, "get_weather"],
      [101, 20, SUNNY],
    ],
    tools: ["get_weather"],
  },
  session: {
    model: MINI,
    asks: "?",
    calls: [
      [31, 23, PARIS],
      [32, 23, PARIS],
    ],
  },
  stream: { model: MINI, asks: CAPITAL, calls: [[31, 23, PARIS]] },
  "stream-abort": { model: MINI, asks: CAPITAL, calls: [[null, null]] },
  "stream-cut": { model: MINI, asks: CAPITAL, calls: [[null, null]] },
  "stream-helper": { model: MINI, asks: CAPITAL, calls: [[31, 23, PARIS]] },
  "stream-tools": { model: MINI, asks: "Weather in Paris and Lyon?", calls: [[30, 76, "Lyon"]] },
  "stream-usage": { model: MINI, asks: CAPITAL, calls: [[31, 23, PARIS]] },
  structured: { model: MINI, asks: "Ada, 36", calls: [[26, 7, "example"]] },
  stuck: { model: MINI, ...circling(35, 120, 206, 294, 382, 469, 555, 642, 727, 813) },
  timeout: { model: MINI, asks: "hello", calls: [[null, null]], fails: true },
  tools: {
    model: MINI,
    asks: "What is the weather in Paris, in Fahrenheit?",
    calls: [
      [35, 38, "get_weather"],
      [128, 35, "calculator"],
      [215, 20, SUNNY],
    ],
    tools: ["get_weather", "calculator"],
  },
  unicode: { model: MINI, asks: "漢字", calls: [[51, 23, PARIS]] },
  vision: { model: "gpt-4o", asks: "What is in this picture?", calls: [[64, 23, PARIS]] },
};

const WEATHER_AGENT: Story = {
  model: MINI,
  asks: "Weather in Paris?",
  calls: [
    [34, 38, "get_weather"],
    [124, 20, SUNNY],
  ],
  tools: ["get_weather"],
};

/** Programs on LangChain and LangGraph. */
export const LANGCHAIN_STORIES: Readonly<Record<string, Story>> = {
  "lc-agent": WEATHER_AGENT,
  "lc-agent-stream": WEATHER_AGENT,
  "lc-batch": { model: MINI, calls: Array.from({ length: 3 }, () => [8, 23, PARIS] as const) },
  "lc-chain": { model: MINI, asks: CAPITAL, calls: [[29, 23, PARIS]] },
  "lc-chat": { model: MINI, asks: CAPITAL, calls: [[25, 23, PARIS]] },
  "lc-err500": { model: MINI, asks: "hello", calls: [[null, null]], fails: true },
  "lc-graph-multi": {
    model: MINI,
    asks: "Write a two-line refund notice.",
    calls: crew([34, 11], [29, 20], [62, 12], [56, 17], [87, 13]),
  },
  "lc-rag": { model: MINI, asks: REFUND, calls: [[58, 27, RECEIPT]] },
  "lc-stream": { model: MINI, asks: CAPITAL, calls: [[15, 23, PARIS]] },
  "lc-structured": { model: MINI, asks: "Ada, 36", calls: [[10, 7, "example"]] },
  "lc-stuck": { model: MINI, ...circling(41, 129, 217, 308, 399, 489, 577, 668) },
  "lc-tool-error": {
    ...WEATHER_AGENT,
    calls: [
      [34, 38, "get_weather"],
      [130, 20, SUNNY],
    ],
  },
};

const SDK_WEATHER: Story = {
  model: MINI,
  asks: "Weather in Paris?",
  calls: [
    [12, 38, "get_weather"],
    [86, 20, SUNNY],
  ],
  tools: ["get_weather"],
};

/** Version 4 sends the tool's result in another wrapping, which is a token shorter. */
const VERCEL4_TOOLS: Story = {
  ...SDK_WEATHER,
  calls: [
    [12, 38, "get_weather"],
    [85, 20, SUNNY],
  ],
};

/** Programs on the AI SDK. */
export const VERCEL_STORIES: Readonly<Record<string, Story>> = {
  "agent-class": SDK_WEATHER,
  concurrent: { model: MINI, asks: "Question ", calls: Array.from({ length: 4 }, () => [10, 23, PARIS] as const) },
  embed: { model: "text-embedding-3-small", kind: "embedding", asks: "refund policy", calls: [[7, null]] },
  "err429-stream": { model: MINI, asks: "hi", calls: [[null, null]], fails: true },
  // Two attempts, both recorded.
  err500: {
    model: MINI,
    asks: "hi",
    calls: [
      [null, null],
      [null, null],
    ],
    fails: true,
  },
  generate: { model: MINI, asks: CAPITAL, calls: [[25, 23, PARIS]] },
  "generate-responses": { model: "gpt-5-mini", asks: CAPITAL, calls: [[23, 87, PARIS]] },
  "multi-agent": { model: MINI, asks: "task", calls: crew([28, 11], [23, 20], [48, 12], [41, 17], [64, 13]) },
  object: { model: MINI, asks: "Ada, 36", calls: [[10, 7, "example"]] },
  rag: { model: MINI, asks: REFUND, calls: [[42, 27, RECEIPT]] },
  stream: { model: MINI, asks: CAPITAL, calls: [[15, 23, PARIS]] },
  "stream-cut": { model: MINI, asks: CAPITAL, calls: [[null, null]], fails: true },
  "stream-tools": SDK_WEATHER,
  stuck: { model: MINI, ...circling(19, 96, 174, 254, 334, 413, 491, 570, 647, 725) },
  "tool-error": {
    ...SDK_WEATHER,
    calls: [
      [12, 38, "get_weather"],
      [89, 20, SUNNY],
    ],
  },
  tools: SDK_WEATHER,
};

/** Programs on Mastra. */
export const MASTRA_STORIES: Readonly<Record<string, Story>> = {
  chat: { model: MINI, asks: CAPITAL, calls: [[25, 23, PARIS]] },
  err500: { model: MINI, asks: "hi", calls: [[null, null]], fails: true },
  stream: { model: MINI, asks: CAPITAL, calls: [[25, 23, PARIS]] },
  stuck: { model: MINI, ...circling(26, 103, 175, 250, 325, 398, 470, 544) },
  workflow: { model: MINI, asks: "refund?", calls: [[23, 27, RECEIPT]] },
};

/** Programs on OpenAI's Agents SDK. */
export const AGENTS_STORIES: Readonly<Record<string, Story>> = {
  chat: { model: MINI, asks: CAPITAL, calls: [[25, 23, PARIS]] },
  "chat-responses": { model: MINI, asks: CAPITAL, calls: [[15, 23, PARIS]] },
  err500: { model: MINI, asks: "hello", calls: [[null, null]], fails: true },
  handoff: {
    model: MINI,
    asks: "Weather in Paris?",
    calls: [
      [12, 12, "transfer"],
      [91, 18, "get_weather"],
      [172, 20, SUNNY],
    ],
    tools: ["get_weather"],
  },
  stream: { model: MINI, asks: CAPITAL, calls: [[15, 23, PARIS]] },
  stuck: { model: MINI, ...circling(16, 143, 271, 401, 531, 660, 788, 917) },
};

/** Programs in Python, by what their framework does itself: the tool runs where there is an agent to run it. */
const PYTHON_AGENT: Story = {
  model: MINI,
  asks: "Weather in Paris?",
  calls: [
    [34, 38, "get_weather"],
    [86, 20, "It is partly cloudy in Paris right now."],
  ],
  tools: ["get_weather"],
};
const PYTHON_AGENTS = /^(?:haystack|mlflow|pydantic-ai(?:-v2)?|semantic-kernel|strands(?:-latest)?)$/;
const PYTHON_CLIENTS = /^(?:litellm|openlit-python|openinference-python|posthog)$/;
const PYTHON_STORIES: Readonly<Record<string, Story>> = {
  chat: { model: MINI, asks: CAPITAL, calls: [[31, 23, PARIS]] },
  masked: { model: MINI, asks: CAPITAL, calls: [[31, 23, PARIS]] },
  stream: { model: MINI, asks: CAPITAL, calls: [[31, 23, PARIS]] },
  rag: { model: MINI, asks: REFUND, calls: [[31, 23, PARIS]] },
  embeddings: { model: "text-embedding-3-small", kind: "embedding", asks: "refund policy", calls: [[9, null]] },
  err400: { model: MINI, asks: "fail500 please", calls: [[null, null]], fails: true },
};

/** They write 0 where there is no output. */
const ZERO_OUTPUT: Story = {
  model: "text-embedding-3-small",
  kind: "embedding",
  asks: "refund policy",
  calls: [[9, 0]],
};

/** What a framework tells in its own way; null where it names no model, or no provider that could be priced. */
const PYTHON_EXCEPTIONS: ReadonlyMap<string, Story | null> = new Map([
  ["haystack/err400", null],
  ["mlflow/embeddings", null],
  ["litellm/embeddings", ZERO_OUTPUT],
  // Counted by its own tokenizer, and marked as that.
  ["openlit-python/stream", { model: MINI, asks: CAPITAL, calls: [[45, 16, PARIS]] } satisfies Story],
]);

/** Programs on Sentry's SDK for Node, version 10, whose spans OpenTelemetry's exporter sends on. */
const SENTRY_STORIES: Readonly<Record<string, Story>> = {
  ...PYTHON_STORIES,
  err400: { model: "err-4o-mini", asks: "fail500 please", calls: [[null, null]], fails: true },
  tools: { model: MINI, asks: "Weather in Paris?", calls: [[34, 38, "get_weather"]] },
};

/** Agents that LangChain's story is of, whose programs send both questions to one model. */
const WEATHER_AGENTS =
  /^(?:braintrust|crewai|crewai-openllmetry|laminar|laminar-python|livekit|llama-index|llama-index-otel|spring-ai)$/;

function weatherStory(sdk: string, scenario: string): Story | undefined {
  if (sdk === "crewai-openllmetry") return undefined;
  if (scenario === "tools") return WEATHER_AGENT;
  if (scenario === "rag") return { model: MINI, asks: REFUND, calls: [[68, 27, RECEIPT]] };
  if (sdk === "laminar-python" && scenario === "embeddings") return ZERO_OUTPUT;
  return PYTHON_STORIES[scenario];
}

function pythonStory(sdk: string, scenario: string): Story | undefined {
  const own = PYTHON_EXCEPTIONS.get(`${sdk}/${scenario}`);
  if (own !== undefined) return own ?? undefined;
  if (scenario !== "tools") return PYTHON_STORIES[scenario];
  // Semantic Kernel names a tool with the plug-in that it is of.
  if (sdk === "semantic-kernel") return { ...PYTHON_AGENT, tools: ["weather-get_weather"] };
  return PYTHON_AGENTS.test(sdk)
    ? PYTHON_AGENT
    : { model: MINI, asks: "Weather in Paris?", calls: [[34, 38, "get_weather"]] };
}

const FLASH = "gemini-2.5-flash";
const GEMINI_AGENT: Story = {
  model: FLASH,
  asks: "Weather in Paris?",
  calls: [
    [31, 30, "Paris"],
    [31, 30, "It is partly cloudy in Paris right now."],
  ],
  tools: ["get_weather"],
};
/** Google's frameworks, whose calls also think. */
const GOOGLE_STORIES: Readonly<Record<string, Story>> = {
  chat: { model: FLASH, asks: CAPITAL, calls: [[31, 30, PARIS]] },
  err400: { model: FLASH, asks: "fail500 please", calls: [[null, null]], fails: true },
  nocontent: GEMINI_AGENT,
  rag: { model: FLASH, asks: "Can I get a refund?", calls: [[31, 30, PARIS]] },
  tools: GEMINI_AGENT,
};

/** Claude Code runs a command; what it asks and hears is told of the prompt and not of its calls. */
const CLAUDE_CODE_AGENT: Story = {
  model: SONNET,
  asks: "run the tool please",
  calls: [
    [658, 23, "Bash"],
    [658, 23, PARIS],
  ],
  tools: ["Bash"],
};
const CLAUDE_CODE_STORIES: Readonly<Record<string, Story>> = {
  err400: { model: SONNET, asks: "fail500 now", calls: [[null, null]], fails: true },
  logs: CLAUDE_CODE_AGENT,
  nocontent: CLAUDE_CODE_AGENT,
  tools: CLAUDE_CODE_AGENT,
};

/** LangGraph's agent of the year before asks in fewer words. */
const LANGFUSE3_STUCK: Story = { model: MINI, ...circling(35, 117, 199, 284, 369, 453, 535, 619) };

/** What came of a stream until it broke off, where the SDK tells it. */
const BROKEN_STREAM: Story = { model: MINI, asks: CAPITAL, calls: [[null, null, "Paris is the "]] };

/** The story of a recording; `undefined` for the few programs that call no model. */
export function storyOf(sdk: string, scenario: string): Story | undefined {
  if (sdk === "claude-code") return CLAUDE_CODE_STORIES[scenario];
  if (sdk === "google-adk") return GOOGLE_STORIES[scenario];
  if (sdk === "genkit") {
    const story = GOOGLE_STORIES[scenario];
    return story?.tools ? { ...story, tools: ["getWeather"] } : story;
  }
  if (sdk === "langfuse3" && scenario === "lc-stuck") return LANGFUSE3_STUCK;
  if (sdk === "langsmith" && /^stream-(?:abort|cut)$/.test(scenario)) return BROKEN_STREAM;
  if (WEATHER_AGENTS.test(sdk)) return weatherStory(sdk, scenario);
  if (sdk === "sentry") return SENTRY_STORIES[scenario];
  if (PYTHON_AGENTS.test(sdk) || PYTHON_CLIENTS.test(sdk)) return pythonStory(sdk, scenario);
  if (sdk === "openai-agents") return AGENTS_STORIES[scenario];
  if (scenario.startsWith("lc-")) return LANGCHAIN_STORIES[scenario];
  if (sdk.startsWith("vercel4") && scenario === "tools") return VERCEL4_TOOLS;
  if (sdk.startsWith("vercel")) return VERCEL_STORIES[scenario];
  return sdk === "mastra" ? MASTRA_STORIES[scenario] : CLIENT_STORIES[scenario];
}
