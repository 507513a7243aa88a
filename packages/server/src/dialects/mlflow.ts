import type { Attributes, Content, Json, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { anyContent, contentOfJson, messagesContent } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { countIn, isArray, isObject, memberOf, parseJson, textIn } from "../dialect/json-of.ts";
import { providerName } from "../dialect/names.ts";
import { responseFacts } from "../dialect/response-facts.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const INPUTS = "mlflow.spanInputs";
const OUTPUTS = "mlflow.spanOutputs";
const USAGE = "mlflow.chat.tokenUsage";

/** MLflow writes every value as JSON, texts too. */
function jsonAt(attributes: Attributes, key: string): Json | undefined {
  const value = attributes.get(key);
  return typeof value === "string" ? (parseJson(value) ?? value) : undefined;
}

function nameAt(attributes: Attributes, key: string): string | undefined {
  const value = jsonAt(attributes, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function inputOf(attributes: Attributes, kind: SpanKind | undefined): Content | undefined {
  const value = attributes.get(INPUTS);
  if (kind === "llm") return messagesContent(value, "user", requestMessages);
  const embedded = kind === "embedding" ? memberOf(jsonAt(attributes, INPUTS), "input") : undefined;
  return embedded === undefined
    ? anyContent(value)
    : contentOfJson(isArray(embedded) && embedded.length === 1 ? embedded[0] : embedded);
}

function outputOf(attributes: Attributes, kind: SpanKind | undefined): Content | undefined {
  const value = attributes.get(OUTPUTS);
  if (kind === "llm") return messagesContent(value, "assistant", responseMessages);
  // Of an embedding there are vectors only.
  if (kind === "embedding") return undefined;
  return kind === "retrieval" || kind === "rerank" ? documentsContent(value) : anyContent(value);
}

/** MLflow hands on what each provider counts: with Anthropic cached tokens are beside the input, elsewhere inside. */
function usageOf(attributes: Attributes, provider: string | undefined): readonly UsageLine[] {
  const told = jsonAt(attributes, USAGE);
  if (!isObject(told)) return [];
  const line = usageLine(
    {
      input: countIn(told, "input_tokens"),
      output: countIn(told, "output_tokens"),
      cacheRead: countIn(told, "cache_read_input_tokens"),
      cacheWrite: countIn(told, "cache_creation_input_tokens"),
    },
    { cachedApart: provider === "anthropic" },
  );
  return line ? [line] : [];
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = spanKind(attributes);
  const input = inputOf(attributes, kind);
  const output = outputOf(attributes, kind);
  const isCall = kind === "llm" || kind === "embedding" || kind === "rerank";
  const answer = isCall ? jsonAt(attributes, OUTPUTS) : undefined;
  const facts = responseFacts(answer);
  const provider = providerName(
    nameAt(attributes, "mlflow.llm.provider") ?? (isCall ? nameAt(attributes, "mlflow.message.format") : undefined),
  );
  const lines = facts.usage.length > 0 ? facts.usage : usageOf(attributes, provider);
  return {
    kind: kind ?? "span",
    provider,
    requestModel:
      (isCall ? textIn(jsonAt(attributes, INPUTS), "model") : undefined) ?? nameAt(attributes, "mlflow.llm.model"),
    responseModel: facts.model,
    responseId: facts.id,
    serviceTier: facts.serviceTier,
    finishReason: facts.finishReason,
    ...(lines.length > 0 ? { usage: lines } : {}),
    input,
    output,
    agentName: kind === "agent" ? span.name : undefined,
    toolName: kind === "tool" ? (nameAt(attributes, "mlflow.spanFunctionName") ?? span.name) : undefined,
    sessionId: nameAt(attributes, "mlflow.trace.session"),
    userId: nameAt(attributes, "mlflow.trace.user"),
    // Whole requests and answers say more than their messages, so those stay.
    consumed: isCall ? [] : [...used(input, INPUTS), ...used(output, OUTPUTS)],
  };
}

function used(content: Content | undefined, key: string): readonly string[] {
  return content && content.type !== "masked" ? [key] : [];
}

function claims({ attributes }: SpanRecord): 0 | 3 {
  return attributes.has("mlflow.spanType") || attributes.has("mlflow.traceRequestId") ? 3 : 0;
}

/** MLflow's tracing: inputs and outputs as JSON, every value JSON once more (conventions §7.10). */
export const mlflow: Dialect = { name: "mlflow", version: 3, claims, read };
