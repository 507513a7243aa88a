import { HookSpan } from "../hook/hook-span.ts";
import { OpenSpans } from "../hook/open-spans.ts";
import { listOf, numberOf, property, textOf } from "../hook/read-object.ts";
import { now } from "../span/clock.ts";
import { failedCall, HOOK, ModelCall } from "./model-call.ts";
import type { UsageLedger } from "./usage-ledger.ts";

/** One agent at work: it asks its model, has tools run, and asks again. */
export class Lane {
  readonly span: HookSpan;
  readonly tools: OpenSpans = new OpenSpans();
  /** Goes on after the tool call that started it. */
  isBackground = false;
  readonly #provider: string;
  readonly #ledger: UsageLedger;
  /** When the model could have begun with what it says next. */
  #since = now();
  /** What the model was told since it spoke last. */
  #asked: unknown[] = [];
  #call: ModelCall | undefined;
  /** Calls of this turn, and what is known to have come out of those that are over. */
  readonly #calls = { count: 0, unknown: 0, output: 0 };
  readonly #toolIds = new Set<string>();

  constructor(span: HookSpan, provider: string, ledger: UsageLedger) {
    this.span = span;
    this.#provider = provider;
    this.#ledger = ledger;
  }

  hearUser(content: unknown): void {
    this.#asked.push({ role: "user", content });
  }

  /** One or more blocks of an answer; answers come block by block. `askedModel` is what a failed call asked. */
  hearAssistant(message: unknown, askedModel: string): void {
    const at = this.#timeOf(message);
    const answer = property(message, "message");
    const error = textOf(message, "error");
    if (error !== undefined) {
      this.#endCall();
      const texts = listOf(answer, "content").map((block) => textOf(block, "text") ?? "");
      failedCall(this.#place(), { type: error, text: texts.join(""), model: askedModel, endTime: at });
      this.#since = at;
      return;
    }
    this.#callOf(textOf(answer, "id")).addMessage(answer, at);
    for (const block of listOf(answer, "content")) if (textOf(block, "type") === "tool_use") this.#startTool(block, at);
  }

  /** An event of the model's own stream: only where the program asked for partial messages. */
  hearEvent(event: unknown): void {
    const type = textOf(event, "type");
    if (type === "message_start")
      this.#callOf(textOf(property(event, "message"), "id")).start(property(event, "message"));
    this.#call?.addEvent(type, event);
  }

  /** What the user or a tool says. Answers with the tool calls that are over by it. */
  hearResults(message: unknown): readonly string[] {
    const at = this.#timeOf(message);
    const told = property(message, "message");
    this.#endCall();
    this.#asked.push(told);
    const ended: string[] = [];
    for (const block of listOf(told, "content")) {
      const id = textOf(block, "type") === "tool_result" ? textOf(block, "tool_use_id") : undefined;
      if (id === undefined) continue;
      this.#endTool(id, block, at);
      ended.push(id);
    }
    this.#since = at;
    return ended;
  }

  /** The CLI tries again by itself: every attempt is a call. */
  failedAttempt(retry: unknown, model: string): void {
    const status = numberOf(retry, "error_status");
    const type = textOf(retry, "error") ?? "unknown";
    const endTime = now();
    // Where the program reads the stream, the beginning of the answer came before.
    if (this.#call?.isCut === true) this.#cutCall(type === "unknown" ? undefined : type, status);
    else failedCall(this.#place(), { type, text: "", model, status, endTime });
    this.#since = endTime;
  }

  /** The turn is over; what its result says of tokens is the last call's where it is of nobody else. */
  finish(result: unknown): void {
    const usage = property(result, "usage");
    const output = numberOf(usage, "output_tokens") ?? 0;
    const rest = output - this.#calls.output;
    if (this.#call?.isFinal === false && this.#calls.unknown === 0 && rest > 0) {
      this.#call.addOutput(rest, this.#calls.count === 1 ? usage : undefined);
    }
    this.#call?.addReason(textOf(result, "stop_reason"));
    this.leave();
  }

  /** Nothing more comes. */
  leave(): void {
    this.#endCall();
    for (const id of this.#toolIds) this.tools.take(id)?.abandon();
    this.#toolIds.clear();
  }

  abandon(): void {
    this.leave();
    this.span.abandon();
  }

  #place(): { outer: HookSpan["scope"]; provider: string; startTime: number } {
    return { outer: this.span.scope, provider: this.#provider, startTime: this.#since };
  }

  #callOf(id: string | undefined): ModelCall {
    if (this.#call !== undefined && this.#call.id === id) return this.#call;
    // The CLI asks anew without a word when a stream breaks off, and what was asked is the same.
    if (this.#call?.isCut === true) this.#cutCall();
    this.#endCall();
    this.#calls.count++;
    this.#call = new ModelCall(id, this.#place(), this.#asked.splice(0));
    return this.#call;
  }

  #cutCall(type?: string, status?: number): void {
    this.#call?.cut(type, status);
    this.#asked.unshift(...(this.#call?.asked ?? []));
    this.#endCall();
  }

  #endCall(): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    const { model, counts } = call.end();
    this.#ledger.tell(model, counts);
    if (counts.output === undefined) this.#calls.unknown++;
    else this.#calls.output += counts.output;
  }

  #startTool(block: unknown, startTime: number): void {
    const id = textOf(block, "id");
    const subject = textOf(block, "name") ?? "tool";
    if (id === undefined || this.tools.get(id) !== undefined) return;
    const outer = this.span.scope;
    const span = new HookSpan({ hook: HOOK, name: `execute_tool ${subject}`, kind: "tool", subject, outer, startTime });
    span.set("gen_ai.tool.call.id", id);
    span.set("gen_ai.tool.type", subject.startsWith("mcp__") ? "extension" : "function");
    span.setInput(property(block, "input"));
    this.tools.keep(id, span);
    this.#toolIds.add(id);
  }

  #endTool(id: string, block: unknown, endTime: number): void {
    const span = this.tools.take(id);
    this.#toolIds.delete(id);
    if (span === undefined) return;
    const content = property(block, "content");
    const texts = Array.isArray(content) ? content.map((part) => textOf(part, "text")) : [content];
    span.setOutput(texts.every((text) => typeof text === "string") ? texts.join("\n") : content);
    if (property(block, "is_error") === true) span.failWith("tool_error", texts.filter(Boolean).join("\n"));
    span.end(undefined, endTime);
  }

  /** When the CLI says that it was; the program may read much later. */
  #timeOf(message: unknown): number {
    const told = Date.parse(textOf(message, "timestamp") ?? "");
    return Number.isNaN(told) ? now() : Math.min(Math.max(told, this.#since), now());
  }
}
