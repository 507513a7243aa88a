import type { AttributeValue } from "@telltale/model";
import * as fc from "fast-check";
import type { LogRecord, SpanRecord } from "../otlp/record.ts";
import { logsOf, readRecording, recordingNames } from "./read-recording.ts";

/** A recorded span with its log records. */
export interface RecordedSpan {
  readonly recording: string;
  readonly span: SpanRecord;
  readonly logs: readonly LogRecord[];
}

/** Every span of the corpus. */
export function recordedSpans(): readonly RecordedSpan[] {
  return recordingNames().flatMap((name) => {
    const recording = readRecording(name);
    return recording.spans.map((span) => ({ recording: name, span, logs: logsOf(recording, span) }));
  });
}

/** Deeper than the stack: the parser takes it, recursion does not. */
const DEEP = "[".repeat(20_000) + "]".repeat(20_000);

const hostileKey = fc.constantFrom("__proto__", "constructor", "", ".", "0", "..", "role", "type", "toString");

const { value: anyValue } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.string(),
    fc.json(),
    fc.constantFrom(
      "",
      "[",
      "{}",
      "[]",
      "null",
      '"',
      '[{"role":1}]',
      '{"messages":[null]}',
      "__REDACTED__",
      "\ud83d",
      "[".repeat(9000),
      DEEP,
      `[{"role":"user","content":${DEEP}}]`,
      `{"args":[${DEEP}],"kwargs":{}}`,
    ),
    fc.double(),
    fc.integer({ min: -5 }),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(hostileKey, fc.string()), tie("value")), { maxLength: 4 })
      .map((entries) => new Map(entries)),
  ),
}));

/** What a mutation does to an attribute that is there. */
const change = fc.oneof(
  { weight: 3, arbitrary: anyValue.map((value) => () => value) },
  {
    weight: 2,
    arbitrary: fc
      .nat(200)
      .map((length) => (value: AttributeValue) => (typeof value === "string" ? value.slice(0, length) : value)),
  },
  {
    weight: 1,
    arbitrary: fc.constant((value: AttributeValue) => (typeof value === "string" ? JSON.stringify(value) : [value])),
  },
);

/** Keys that some dialect reads, beside those of the span itself. */
const FOREIGN_KEYS = [
  "gen_ai.input.messages",
  "gen_ai.prompt",
  "gen_ai.prompt.0.role",
  "gen_ai.usage.input_tokens",
  "llm.input_messages.0.message.contents.0.message_content.type",
  "llm.input_messages.999999999999.message.role",
  "ai.operationId",
  "ai.values",
  "ai.response.providerMetadata",
  "traceloop.entity.input",
  "langfuse.observation.usage_details",
  "mastra.span.type",
  "langsmith.span.kind",
  "openinference.span.kind",
  "retrieval.documents.0.document.metadata",
];

/** A recorded span of which attributes are changed, dropped and added. */
export function hostileSpan(recorded: readonly RecordedSpan[]): fc.Arbitrary<RecordedSpan> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.option(change)), { maxLength: 6 });
  const additions = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...FOREIGN_KEYS), hostileKey), anyValue), {
    maxLength: 4,
  });
  return fc
    .tuple(fc.constantFrom(...recorded), edits, additions, fc.boolean())
    .map(([original, edited, added, isCut]) => {
      const attributes = new Map(original.span.attributes);
      for (const [place, edit] of edited) {
        const keys = [...attributes.keys()];
        const key = keys[place % Math.max(keys.length, 1)];
        if (key === undefined) continue;
        if (edit === null) attributes.delete(key);
        else attributes.set(key, edit(attributes.get(key) ?? null));
      }
      for (const [key, value] of added) attributes.set(key, value);
      const logs = original.logs.map((log) => (isCut ? { ...log, body: added[0]?.[1] ?? null } : log));
      return { ...original, span: { ...original.span, attributes }, logs };
    });
}
