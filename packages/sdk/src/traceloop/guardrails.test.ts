import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";
import * as traceloop from "../traceloop.ts";

/** Everything that `@traceloop/node-server-sdk` 0.27.0 exports. */
const NAMES =
  "ALL_INSTRUMENTATION_LIBRARIES ArgumentNotProvidedError AssociationProperty Attachment AttachmentReference AttachmentUploader Column Dataset Datasets Evaluator EvaluatorMadeByTraceloop Experiment ExternalAttachment FailFastGuardResult GuardExecutionError GuardInputTypeError GuardValidationError GuardrailError Guardrails ImageUploader InitializationError LLMSpan NotInitializedError OnFailure PromptNotFoundError Row SEVERITY TraceloopClient TraceloopError VectorSpan agent attachment between conversation createEvaluator createSpanProcessor customEvaluatorGuard defaultInputMapper eq forceFlush getAvailableEvaluatorSlugs getClient getEvaluatorSchemaInfo getPrompt getTraceloopTracer gt gte guard guardrail initialize instructionAdherenceGuard isAnyAttachment isAttachment isAttachmentReference isExternalAttachment isFalse isFalsy isTrue isTruthy jsonValidatorGuard lt lte piiGuard profanityGuard promptInjectionGuard promptPerplexityGuard regexValidatorGuard reportCustomMetric resolveGuardInputs resolveOnFailure secretsGuard semanticSimilarityGuard sexismGuard sqlValidatorGuard task toneDetectionGuard tool toxicityGuard traceloopInstrumentationLibraries uncertaintyGuard validateContent validateEvaluatorInput waitForInitialization withAgent withAssociationProperties withConversation withLLMCall withTask withTool withVectorDBCall withWorkflow workflow";

let sink: SpanSink;

beforeAll(async () => {
  sink = await startSpanSink();
});
afterEach(async () => {
  await Telltale.shutdown();
  sink.clear();
});
afterAll(() => sink.stop());

const short: traceloop.Guard = ({ text }) => Promise.resolve(String(text).length < 10);
short.guardName = "short";
const calm: traceloop.Guard = ({ text }) =>
  Promise.resolve({ passed: !String(text).includes("!"), output: { seen: text } });

describe("the names of OpenLLMetry", () => {
  it("are all there", () => {
    expect(NAMES.split(" ").filter((name) => !(name in traceloop))).toEqual([]);
  });

  it("that need Traceloop's service can be made when a program starts, and say what to do when they are used", async () => {
    const client = traceloop.getClient();
    const { datasets } = client as unknown as { datasets: { create(name: string): unknown } };
    expect(() => datasets.create("d")).toThrow(/not here: keep data sets/);
    expect(() => new traceloop.Dataset()).toThrow(traceloop.TraceloopError);
    expect(() => traceloop.getPrompt("p", {})).toThrow(/recordPrompt/);
    expect(await Promise.resolve(client)).toBe(client);
    const guarded = traceloop.guard(async () => "x", [traceloop.toxicityGuard()]);
    await expect(guarded()).rejects.toThrow(/write a guard as a function/);
  });
});

describe("guardrails", () => {
  it("hand on what all guards let pass, each guard a span", async () => {
    Telltale.initialize({ endpoint: sink.endpoint });
    const answer = await Telltale.withSpan("root", () =>
      traceloop.guard(async (text: string) => text, [short, calm])("fine"),
    );
    expect(answer).toBe("fine");
    await Telltale.flush();
    expect(sink.spans.map(({ name }) => name).toSorted()).toEqual(["guardrail guard_1", "guardrail short", "root"]);
    expect(sink.spans.find(({ name }) => name === "guardrail short")?.attributes).toMatchObject({
      "telltale.span.kind": "guardrail",
      "telltale.guardrail.triggered": false,
    });
  });

  it.each([
    ["raise", undefined],
    ["log", "far too long!"],
    ["ignore", "far too long!"],
    ["Sorry.", "Sorry."],
  ])("do with a refused output what %s says", async (onFailure, expected) => {
    const answer = traceloop.guard(async () => "far too long!", [short], { onFailure })();
    if (expected === undefined) await expect(answer).rejects.toThrow(traceloop.GuardValidationError);
    else expect(await answer).toBe(expected);
  });

  it("tell all results, or the first that is no, and errors of guards as such", async () => {
    const rails = new traceloop.Guardrails([short, calm]);
    const inputs = traceloop.defaultInputMapper("far too long!", 2);
    expect(await rails.runAll().validate(inputs)).toMatchObject([
      { name: "short", passed: false },
      { name: "guard_1", passed: false, output: { seen: "far too long!" } },
    ]);
    expect(await rails.sequential().validate(inputs)).toMatchObject([{ name: "short", passed: false }]);
    expect((await traceloop.validateContent('{"a":1}', [traceloop.jsonValidatorGuard()])).passed).toBe(true);
    expect((await traceloop.validateContent("{a", [traceloop.jsonValidatorGuard()])).passed).toBe(false);
    const broken: traceloop.Guard = () => Promise.reject(new Error("no"));
    await expect(traceloop.validateContent("x", [broken])).rejects.toThrow(traceloop.GuardExecutionError);
  });

  it("stand on methods, by decorators of either form", async () => {
    const decorate = traceloop.guardrail([short], { onFailure: "Sorry." });
    async function say(this: { readonly name: string }, text: string): Promise<string> {
      return `${this.name} ${text}`;
    }
    const service = { name: "it", say };
    const descriptor = { value: say, configurable: true, writable: true };
    for (const method of [decorate(say, { kind: "method" }), Reflect.get(decorate({}, "say", descriptor), "value")]) {
      service.say = method as typeof say;
      expect(await service.say("is")).toBe("it is");
      expect(await service.say("is far too long")).toBe("Sorry.");
    }
  });
});
