import type { TokenCounts } from "@telltale/rules/cost";
import { anthropicMessage, blockParts } from "../anthropic/content-blocks.ts";
import type { AttributeMap } from "../attribute-value.ts";
import { tokensOf } from "../anthropic/usage.ts";
import { HookSpan } from "../hook/hook-span.ts";
import { listOf, property, textOf } from "../hook/read-object.ts";
import { setTokenCounts } from "../reading/token-counts.ts";
import { runtime, type Scope } from "../runtime.ts";
import { now } from "../span/clock.ts";

/** The name of this hook. */
export const HOOK = "claude-agent";

/** Where a call belongs and when it began. */
export interface CallPlace {
  readonly outer: Scope;
  readonly provider: string;
  readonly startTime: number;
}

/** One answer of a model, as the messages of a query tell it: block by block, usage last or never. */
export class ModelCall {
  readonly id: string | undefined;
  /** Whether the tokens of the whole answer are known. */
  isFinal = false;
  /** Messages that the model was sent and had not seen before. */
  readonly asked: readonly unknown[];
  readonly #place: CallPlace;
  readonly #blocks: unknown[] = [];
  #model: string | undefined;
  #counts: TokenCounts = {};
  #reason: string | undefined;
  #firstAt: number | undefined;
  #endTime: number | undefined;
  #isStreaming = false;
  #failure: Pick<CallFailure, "type" | "status"> | undefined;

  constructor(id: string | undefined, place: CallPlace, asked: readonly unknown[]) {
    this.id = id;
    this.#place = place;
    this.asked = asked;
  }

  /** The head of an answer. Its count of output is what was there when it began. */
  start(answer: unknown): void {
    this.#model ??= textOf(answer, "model");
    if (!this.isFinal) this.#counts = { ...tokensOf(property(answer, "usage")), output: undefined };
  }

  addMessage(answer: unknown, at: number): void {
    this.start(answer);
    this.#endTime = at;
    const blocks = listOf(answer, "content");
    if (runtime.pipeline?.captureContent === true) this.#blocks.push(...blocks);
    const reason = textOf(answer, "stop_reason");
    if (reason === undefined) return;
    this.addReason(reason);
    this.#finish(tokensOf(property(answer, "usage")));
  }

  /** Its stream began and its last word has not come: whatever comes instead of it, this answer was cut. */
  get isCut(): boolean {
    return this.#isStreaming && this.#reason === undefined;
  }

  addEvent(type: string | undefined, event: unknown): void {
    this.#isStreaming = true;
    if (type === "content_block_delta") this.#firstAt ??= now();
    if (type !== "message_delta") return;
    this.addReason(textOf(property(event, "delta"), "stop_reason"));
    this.#finish(tokensOf(property(event, "usage")));
    this.#endTime = now();
  }

  #finish({ output, reasoning }: TokenCounts): void {
    if (output === undefined) return;
    this.isFinal = true;
    this.#counts = { ...this.#counts, output, reasoning };
  }

  /** What the result says that this call brought; `usage` where it is of this call alone. */
  addOutput(output: number, usage: unknown): void {
    this.isFinal = true;
    this.#counts = usage === undefined ? { ...this.#counts, output } : tokensOf(usage);
  }

  /** Its stream broke off; `type` and `status` where the CLI says why. */
  cut(type = "stream_cut", status?: number): void {
    this.#failure = { type, status };
  }

  addReason(reason: string | undefined): void {
    this.#reason ??= reason;
  }

  /** Makes the span. Answers with what it tells of tokens. */
  end(): { readonly model: string; readonly counts: TokenCounts } {
    const { startTime } = this.#place;
    const span = beginCall(this.#place, this.#model);
    const counts = this.#counts;
    if (this.#failure !== undefined) {
      span.set("telltale.outcome", "cut");
      span.set("http.response.status_code", this.#failure.status);
      span.failWith(this.#failure.type, "The server ended the stream before its last word.");
    }
    span.end((attributes) => {
      if (this.#model !== undefined) attributes.set("gen_ai.response.model", this.#model);
      if (this.id !== undefined) attributes.set("gen_ai.response.id", this.id);
      if (this.#reason !== undefined) attributes.set("gen_ai.response.finish_reasons", [this.#reason]);
      setTokenCounts(attributes, counts);
      if (this.#firstAt !== undefined)
        attributes.set("gen_ai.response.time_to_first_chunk", { double: (this.#firstAt - startTime) / 1000 });
      if (runtime.pipeline?.captureContent !== true) return;
      if (this.asked.length > 0)
        attributes.set("gen_ai.input.messages", JSON.stringify(this.asked.map((message) => anthropicMessage(message))));
      const parts = blockParts(this.#blocks);
      attributes.set("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts }]));
    }, this.#endTime);
    return { model: this.#model ?? "", counts };
  }
}

function beginCall(place: CallPlace, model: string | undefined): HookSpan {
  const name = model === undefined ? "chat" : `chat ${model}`;
  const span = new HookSpan({ hook: HOOK, name, kind: "llm", ...place });
  span.set("gen_ai.provider.name", place.provider);
  span.set("gen_ai.request.model", model);
  return span;
}

/** What is known of a call that failed. */
export interface CallFailure {
  /** As the CLI names it: `rate_limit`, `server_error`. */
  readonly type: string;
  readonly text: string;
  readonly model: string | undefined;
  readonly status?: number | undefined;
  readonly endTime: number;
}

/** A call without an answer. */
export function failedCall(place: CallPlace, { type, text, model, status, endTime }: CallFailure): void {
  const span = beginCall(place, model === "" ? undefined : model);
  span.set("http.response.status_code", status);
  span.failWith(type, text);
  span.end(undefined, endTime);
}

/** Writes the counts that are told, on a span of any kind. */
export function setUsage(span: HookSpan, counts: TokenCounts): void {
  const attributes: AttributeMap = new Map();
  setTokenCounts(attributes, counts);
  for (const [name, count] of attributes) span.set(name, count);
}

const PROVIDERS: readonly (readonly [string, string])[] = [
  ["CLAUDE_CODE_USE_BEDROCK", "aws.bedrock"],
  ["CLAUDE_CODE_USE_VERTEX", "gcp.vertex_ai"],
  ["CLAUDE_CODE_USE_FOUNDRY", "azure.ai.inference"],
];

/** Who serves the models, by the switches in the environment of the CLI. */
export function providerOf(environment: unknown): string {
  const isSet = (name: string): boolean => /^(1|true|yes|on)$/i.test(textOf(environment, name) ?? "");
  return PROVIDERS.find(([name]) => isSet(name))?.[1] ?? "anthropic";
}
