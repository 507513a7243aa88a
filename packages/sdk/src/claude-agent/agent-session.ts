import { HookSpan } from "../hook/hook-span.ts";
import { harmless } from "../hook/install-hooks.ts";
import { property, textOf } from "../hook/read-object.ts";
import { currentScope, type Open, runtime, type Scope } from "../runtime.ts";
import { inherit } from "../span/association.ts";
import { now } from "../span/clock.ts";
import { HOOK, providerOf, setUsage } from "./model-call.ts";
import { Lane } from "./lane.ts";
import { describeResult } from "./result.ts";
import { UsageLedger } from "./usage-ledger.ts";

/** Lanes of sub-agents at once; whoever never tells of their ends costs no more than this. */
const MOST_LANES = 1000;

/** One query: turns one after the other, each from what the user says to its result. Nothing here throws. */
export class AgentSession implements Open {
  /** What the Query runs in, so that tools inside this process stand in the turn that asks them. */
  readonly scope: Scope;
  readonly #outer: Scope | undefined = currentScope();
  readonly #name: string;
  readonly #provider: string;
  readonly #ledger: UsageLedger;
  readonly #isAborted: () => boolean;
  readonly #isStructured: boolean;
  /** Of sub-agents, by the tool call that started them. */
  readonly #lanes = new Map<string, Lane>();
  /** What the user said and no turn has taken up. */
  #waiting: unknown[] = [];
  #turn: Lane | undefined;
  #model = "";

  constructor(options: unknown) {
    this.#name = textOf(options, "agent") ?? "claude";
    this.#provider = providerOf(property(options, "env") ?? process.env);
    const signal = property(property(options, "abortController"), "signal");
    const isAborted = (): boolean => property(signal, "aborted") === true;
    this.#isAborted = isAborted;
    this.#isStructured = textOf(property(options, "outputFormat"), "type") === "json_schema";
    const isResumed = textOf(options, "resume") !== undefined || property(options, "continue") === true;
    this.#ledger = new UsageLedger(isResumed);
    const turn = (): Scope | undefined => this.#turn?.span.scope ?? this.#outer;
    this.scope = {
      ...inherit(this.#outer),
      tapped: this.#outer?.tapped ?? false,
      remote: this.#outer?.remote,
      get span() {
        return turn()?.span;
      },
      get sessionId() {
        return turn()?.sessionId;
      },
      get agentName() {
        return turn()?.agentName;
      },
    };
    runtime.open.add(this);
  }

  /** The user said something. */
  readonly ask: (said: unknown) => void = harmless(HOOK, (said) => {
    this.#waiting.push(said);
    if (this.#turn === undefined) this.#begin();
  });

  /** A step of the stream that the program gives as its prompt. */
  hearInput(step: unknown): void {
    const said = property(step, "value");
    if (property(step, "done") !== true && said !== undefined) this.ask(property(property(said, "message"), "content"));
  }

  /** A step of the stream that the program reads. */
  readonly step: (step: unknown) => void = harmless(HOOK, (step) => {
    if (property(step, "done") === true) this.abandon();
    else this.#hear(property(step, "value"));
  });

  readonly fail: (error: unknown) => void = harmless(HOOK, (error) => {
    const turn = this.#leave();
    if (turn === undefined) return;
    turn.fail(error);
    // The SDK's own class for this has another name in every build of it.
    if (this.#isAborted()) {
      turn.set("error.type", "AbortError");
      turn.set("telltale.outcome", "aborted");
    }
    turn.end();
  });

  /** Nobody reads on, or the query was closed: what is open has no end. */
  abandon(): void {
    this.#leave()?.abandon();
  }

  #leave(): HookSpan | undefined {
    runtime.open.delete(this);
    for (const lane of this.#lanes.values()) lane.abandon();
    this.#lanes.clear();
    const turn = this.#turn;
    this.#turn = undefined;
    turn?.leave();
    return turn?.span;
  }

  #begin(): Lane {
    const name = `invoke_agent ${this.#name}`;
    const span = new HookSpan({ hook: HOOK, name, kind: "agent", subject: this.#name, outer: this.#outer });
    span.set("gen_ai.provider.name", this.#provider);
    const asked = this.#waiting.splice(0);
    if (asked.length > 0) span.setInput(asked.length === 1 ? asked[0] : asked);
    const turn = new Lane(span, this.#provider, this.#ledger);
    for (const content of asked) turn.hearUser(content);
    this.#turn = turn;
    return turn;
  }

  #hear(message: unknown): void {
    const type = textOf(message, "type");
    if (type === "system") return this.#hearSystem(message, textOf(message, "subtype"));
    if (type === "result") return this.#finish(message);
    if (type !== "assistant" && type !== "user" && type !== "stream_event") return;
    if (property(message, "isReplay") === true) return;
    const lane = this.#laneOf(message);
    if (type === "assistant") lane.hearAssistant(message, this.#model);
    else if (type === "stream_event") lane.hearEvent(property(message, "event"));
    else if (type === "user") for (const id of lane.hearResults(message)) this.#endLane(id);
  }

  #laneOf(message: unknown): Lane {
    const turn = this.#turn ?? this.#begin();
    const sessionId = textOf(message, "session_id");
    if (sessionId !== undefined && turn.span.scope.sessionId === undefined) turn.span.belongTo({ sessionId });
    const id = textOf(message, "parent_tool_use_id");
    return id === undefined ? turn : (this.#lanes.get(id) ?? this.#startLane(id, message, turn));
  }

  #startLane(id: string, message: unknown, turn: Lane): Lane {
    const tool = [turn, ...this.#lanes.values()].map((lane) => lane.tools.get(id)).find((span) => span !== undefined);
    const subject = textOf(message, "subagent_type") ?? "sub-agent";
    const outer = (tool ?? turn.span).scope;
    const span = new HookSpan({ hook: HOOK, name: `invoke_agent ${subject}`, kind: "agent", subject, outer });
    span.set("gen_ai.provider.name", this.#provider);
    const lane = new Lane(span, this.#provider, this.#ledger);
    if (this.#lanes.size < MOST_LANES) this.#lanes.set(id, lane);
    return lane;
  }

  #hearSystem(message: unknown, subtype: string | undefined): void {
    if (subtype === "init") this.#model = textOf(message, "model") ?? this.#model;
    else if (subtype === "api_retry") this.#turn?.failedAttempt(message, this.#model);
    const id = textOf(message, "tool_use_id");
    if (id === undefined) return;
    if (subtype === "task_started" && textOf(message, "subagent_type") !== undefined) {
      const lane = this.#lanes.get(id) ?? this.#startLane(id, message, this.#turn ?? this.#begin());
      lane.isBackground = property(message, "is_backgrounded") === true;
      lane.span.setInput(textOf(message, "prompt"));
    } else if (subtype === "task_notification") {
      const lane = this.#lanes.get(id);
      lane?.span.setOutput(textOf(message, "summary"));
      const status = textOf(message, "status") ?? "";
      if (status === "failed") lane?.span.failWith("subagent_failed", textOf(message, "summary") ?? "");
      if (status === "stopped") lane?.span.set("telltale.outcome", "aborted");
      if (lane !== undefined) lane.isBackground = false;
      this.#endLane(id);
    }
  }

  /** A tool call is over, and with it the sub-agent that it waited for. */
  #endLane(id: string): void {
    const lane = this.#lanes.get(id);
    if (lane === undefined || lane.isBackground) return;
    this.#lanes.delete(id);
    lane.leave();
    lane.span.end();
  }

  #finish(result: unknown): void {
    const turn = this.#turn ?? this.#begin();
    turn.finish(result);
    this.#turn = undefined;
    describeResult(turn.span, result, this.#isStructured);
    turn.span.set("gen_ai.request.model", this.#model === "" ? undefined : this.#model);
    const cost = this.#ledger.costOf(result);
    if (cost !== undefined) turn.span.set("gen_ai.usage.cost", cost);
    const ended = now();
    for (const { model, counts, searches } of this.#ledger.untold(result)) {
      const span = new HookSpan({ hook: HOOK, name: "model usage", kind: "span", outer: turn.span.scope });
      span.set("gen_ai.provider.name", this.#provider);
      span.set("gen_ai.request.model", model);
      span.set("gen_ai.response.model", model);
      setUsage(span, counts);
      if (searches > 0) span.set("telltale.usage.web_search.requests", searches);
      span.end(undefined, ended);
    }
    turn.span.end();
  }
}
