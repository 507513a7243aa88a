/** What a recording does not tell of its story. */
export type Loss =
  | "calls"
  | "usage"
  | "input"
  | "output"
  | "tools"
  | "tool content"
  | "model"
  | "response model"
  | "failure";

/** What an SDK lost and why; the pattern names recordings as `sdk/scenario`. */
export interface KnownLoss {
  readonly recordings: RegExp;
  readonly losses: readonly Loss[];
  readonly why: string;
}

/**
 * Everything that real SDKs lose or tell wrongly in the recordings. What stands here was looked at in the
 * bodies: it is not in them.
 */
export const KNOWN_LOSSES: readonly KnownLoss[] = [
  {
    recordings:
      /^(?:openinference|otelofficial(?:-latestsemconv)?|traceloop|vercel4(?:-openinference)?)\/stream(?:-helper|-tools)?$/,
    losses: ["usage"],
    why: "a chat stream has usage only when the program asks for it",
  },
  {
    recordings: /^braintrust\/(?:chat|tools|err400)$/,
    losses: ["response model"],
    why: "one model is told, the one that was asked for",
  },
  {
    recordings: /^openinference\/stream-usage$/,
    losses: ["usage"],
    why: "the usage of a chat stream is not read, asked for or not",
  },
  {
    recordings: /^openinference\/stream(?:-usage|-tools)?$/,
    losses: ["response model"],
    why: "the answer's model is not read from a stream",
  },
  {
    recordings: /^openinference\/long-history$/,
    losses: ["usage", "output"],
    why: "134 of its attributes fell to the limit of 128: tokens and answer were the last",
  },
  {
    recordings: /^openinference\/lc-stream$/,
    losses: ["calls", "response model"],
    why: "LangChain's span and the client's are in two traces, and the client's has no id of the answer",
  },
  {
    recordings: /^openinference\/anthropic-stream-helper$/,
    losses: ["calls"],
    why: "the instrumentation's span and the client's own are in two traces, and the first has no id of the answer",
  },
  {
    recordings: /^otelofficial-nocontent\//,
    losses: ["input", "output"],
    why: "content was switched off",
  },
  {
    recordings: /^(?:claude-code|google-adk)\/nocontent$/,
    losses: ["tool content"],
    why: "content was not switched on",
  },
  {
    recordings: /^claude-code\/(?!err)/,
    losses: ["input", "output", "response model"],
    why: "question and answer are told of the prompt and not of its calls, and the answer's model not at all",
  },
  {
    recordings: /^claude-code\/err/,
    losses: ["input"],
    why: "the question is told of the prompt and not of its call",
  },
  {
    recordings: /^laminar\/stream$/,
    losses: ["usage"],
    why: "the usage of a chat stream is not read, asked for or not",
  },
  {
    recordings: /^laminar\/(?:chat|tools)$/,
    losses: [],
    why: "how much of the input was cached is not told: it is priced as if nothing was",
  },
  {
    recordings: /^livekit\//,
    losses: ["response model"],
    why: "the model asked for is told as the answer's",
  },
  {
    recordings: /^llama-index\//,
    losses: ["response model"],
    why: "the answer's model is not told",
  },
  {
    recordings: /^spring-ai\//,
    losses: ["input", "output"],
    why: "what is asked and answered is written to the program's log, and to no span",
  },
  {
    recordings: /^spring-ai\/stream$/,
    losses: [],
    why: "how much of the input was cached is not told of a stream",
  },
  {
    recordings: /^sentry\/(?:chat|stream|tools)$/,
    losses: [],
    why: "how much of the input was cached is not told: it is priced as if nothing was",
  },
  {
    recordings: /^crewai-openllmetry\//,
    losses: [],
    why: "calls of models and tools are not told, and tokens only as a total that goes on from run to run",
  },
  {
    recordings: /^google-adk\/(?:chat|nocontent|err400)$/,
    losses: ["input", "output", "response model"],
    why: "content is off unless it is switched on, and the answer's model is not told",
  },
  {
    recordings: /^google-adk\/tools$/,
    losses: ["response model"],
    why: "the answer's model is not told",
  },
  {
    recordings: /^otelofficial\/embeddings$/,
    losses: ["input"],
    why: "what is embedded is not recorded",
  },
  {
    recordings: /^otelofficial\/stream-(?:abort|cut)$/,
    losses: ["calls"],
    why: "the span never ends; only its log records arrive",
  },
  {
    recordings: /^openlit\/stream-abort$/,
    losses: ["input"],
    why: "an aborted stream is recorded without its messages",
  },
  {
    recordings: /^openlit\/(?:err500|lc-err500|anthropic-err429)$/,
    losses: ["input"],
    why: "a failed call is recorded without its messages",
  },
  {
    recordings: /^openlit\/stuck$/,
    losses: ["tools"],
    why: "the tools are spans of the program without any sign of what they are",
  },
  {
    recordings: /^traceloop\/ollama-chat$/,
    losses: ["calls"],
    why: "the Ollama client is not instrumented",
  },
  {
    recordings: /^traceloop\/lc-agent/,
    losses: ["output"],
    why: "the tool calls of an answer are not recorded",
  },
  {
    recordings: /^traceloop\/(?:lc-|li-)/,
    losses: ["response model"],
    why: "the model asked for is told as the answer's",
  },
  {
    recordings: /^traceloop\/stuck$/,
    losses: [],
    why: "the root span of a failed run never ends; its children are all there",
  },
  {
    recordings: /^langfuse[35]\//,
    losses: ["response model"],
    why: "one model is told, the answer's where there is one: it stands as the model asked for",
  },
  {
    recordings: /^mastra\//,
    losses: ["input"],
    why: "the messages are on the step around the call and not on the call",
  },
  {
    recordings: /^vercel4\/tool-error$/,
    losses: ["calls"],
    why: "the run ends with the tool's error, before the second call",
  },
  {
    recordings: /^vercel4-openinference\/object$/,
    losses: ["usage", "output", "response model"],
    why: "the call is recorded as failed, since the model did not call the tool that makes the object",
  },
  {
    recordings: /^langfuse3\/stream-(?:abort|cut)$/,
    losses: ["calls"],
    why: "the call is told at its end, which never comes; only its trace is",
  },
  {
    recordings: /^langfuse3\/embeddings$/,
    losses: ["usage"],
    why: "the tokens of embeddings are not read",
  },
  {
    recordings: /^langfuse3\/(?:lc-)?(?:stuck|tools)$/,
    losses: ["tools"],
    why: "tools are spans, whose only sign is what the program writes into their metadata",
  },
  {
    recordings: /^langsmith\/stream(?:-helper)?$/,
    losses: ["usage"],
    why: "a chat stream has usage only when the program asks for it",
  },
  {
    recordings: /^openai-agents\/(?:chat-responses|stream|stuck|handoff|err500)$/,
    losses: ["input", "output", "model", "response model"],
    why: "a call of the Responses API is told by its answer's id alone",
  },
  {
    recordings: /^vercel7\/embed$/,
    losses: ["input"],
    why: "what is embedded is recorded on request only",
  },
  {
    recordings: /^(?:strands(?:-latest)?|semantic-kernel)\/(?:chat|tools)$/,
    losses: ["response model"],
    why: "the model that answered is not recorded",
  },
  {
    recordings: /^litellm\/stream$/,
    losses: ["response model"],
    why: "the model asked for is told as the answer's",
  },
  {
    recordings: /^openinference-python\/masked$/,
    losses: ["input", "output"],
    why: "content was hidden by the program, and is told to be",
  },
  {
    recordings: /^(?:openlit-python|pydantic-ai)\/err400$/,
    losses: ["input"],
    why: "a failed call is recorded without its messages",
  },
  {
    recordings: /^semantic-kernel\/err400$/,
    losses: [],
    why: "the failed call is a span whose only exception is in its status",
  },
];

/** What a recording is known to lose. */
export function lossesOf(recording: string): ReadonlySet<Loss> {
  return new Set(KNOWN_LOSSES.filter(({ recordings }) => recordings.test(recording)).flatMap(({ losses }) => losses));
}
