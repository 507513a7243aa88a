import type { AttributeMap } from "../attribute-value.ts";
import { BEDROCK_HEADERS, bedrockFailure, modelInPath, setBedrockAnswer } from "../bedrock/bedrock-call.ts";
import { embedder, type Invocation, makerOf } from "../bedrock/describe-invocation.ts";
import { isCompletion } from "../bedrock/text-model.ts";
import { parseJson, textField } from "../json/read-json.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import type { Call, Reading, Wire } from "../wire.ts";

const GUARDRAIL = "x-amzn-bedrock-guardrail-action";
const SIDES = ["input", "output"] as const;
const INVOKE_HEADERS: readonly string[] = [...BEDROCK_HEADERS, GUARDRAIL, ...SIDES.map(countHeader)];

/**
 * Amazon Bedrock's InvokeModel and InvokeModelWithResponseStream, whose bodies are those of the model's
 * maker: Anthropic, Amazon (Nova, Titan), Meta, Mistral, Cohere, and those that speak as OpenAI does.
 */
export const bedrockInvoke: Wire = {
  name: "bedrock-invoke",
  provider: "aws.bedrock",
  headers: () => INVOKE_HEADERS,
  claims: ({ path }) =>
    (path.endsWith("/invoke") || path.endsWith("/invoke-with-response-stream")) && path.includes("/model/"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const model = modelInPath(call.request.path) ?? textField(request, "model");
    const streamed = call.request.path.endsWith("-stream");
    const { operation, kind } = whatIs(request, model ?? "");
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", operation]]);
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    if (streamed) attributes.set("gen_ai.request.stream", true);
    const maker = kind === "embedding" ? embedder : makerOf(request, model);
    const invocation: Invocation = { attributes, call, request, model, streamed, captureContent };
    maker.setRequest(invocation);
    setBedrockAnswer(attributes, call);
    const failure = bedrockFailure(call);
    const answered = failure === undefined && call.status !== undefined;
    const invoked = answered ? maker.setAnswer(invocation) : undefined;
    if (answered) setCountsOfHeaders(attributes, call);
    return {
      name: model === undefined ? operation : `${operation} ${model}`,
      kind,
      attributes,
      failure: failure ?? invoked?.failure,
      ...(streamed && invoked !== undefined ? outcomeOfStream(call, invoked) : {}),
      ...(invoked?.refused === true || wasStopped(call) ? { outcome: "refused" } : {}),
    };
  },
};

function whatIs(request: unknown, model: string): { readonly operation: string; readonly kind: Reading["kind"] } {
  if (model.includes("embed")) return { operation: "embeddings", kind: "embedding" };
  if (model.includes("rerank")) return { operation: "rerank", kind: "rerank" };
  return { operation: isCompletion(request) ? "text_completion" : "chat", kind: "llm" };
}

function countHeader(side: "input" | "output"): string {
  return `x-amzn-bedrock-${side}-token-count`;
}

/** Bedrock counts the tokens of every answer that comes in one piece; many bodies say nothing of them. */
function setCountsOfHeaders(attributes: AttributeMap, call: Call): void {
  for (const side of SIDES) {
    const name = `gen_ai.usage.${side}_tokens`;
    const told = call.header(countHeader(side));
    if (!attributes.has(name) && /^\d{1,15}$/.test(told)) attributes.set(name, Number(told));
  }
}

function wasStopped(call: Call): boolean {
  return call.status === 200 && call.header(GUARDRAIL) === "INTERVENED";
}
