import type { Content, Json, Span } from "@telltale/model";
import { expect, it } from "vitest";
import { isMaskedText } from "./dialect/masked.ts";
import { readMetrics } from "./otlp/read-metrics.ts";
import type { LogRecord, SpanRecord } from "./otlp/record.ts";
import { pipeline } from "./pipeline.ts";
import { logsOf, readRecording, recordingNames } from "./testing/read-recording.ts";
import { translate } from "./translate.ts";

/* What must hold of every recording, whoever sent it. What finds nothing to look at fails: an audit of nothing is none. */

const steps = pipeline();

interface Told {
  readonly name: string;
  readonly record: SpanRecord;
  readonly logs: readonly LogRecord[];
  readonly span: Span;
}

const told: readonly Told[] = recordingNames().flatMap((recording) => {
  const read = readRecording(recording);
  return read.spans.map((record) => {
    const logs = logsOf(read, record);
    const span = translate(record, logs, { project: "", receivedAt: record.startTime });
    return { name: `${recording} ${record.name}`, record, logs, span };
  });
});

it("says of every span, and of no other, what the sender's attribute limit cost", () => {
  const cut = told.filter(({ record }) => record.droppedAttributes > 0);
  expect(cut.length).toBeGreaterThan(0);
  for (const { record, span } of cut)
    expect([
      span.attributes.get("telltale.sender.dropped_attributes"),
      span.attributes.get("telltale.sender.loss"),
    ]).toEqual([record.droppedAttributes, `cut by the sender's ${record.attributes.size}-attribute limit`]);
  for (const { name, record, span } of told)
    if (record.droppedAttributes === 0)
      expect([name, span.attributes.has("telltale.sender.loss")]).toEqual([name, false]);
});

/** Every text in a content. */
function* textsIn(content: Content | undefined): Generator<string> {
  if (content?.type === "text") yield content.text;
  else if (content?.type === "json") yield* textsOfJson(content.value);
  else if (content?.type === "messages") yield* textsOfJson(content.messages as unknown as Json);
  else if (content?.type === "documents") yield* textsOfJson(content.documents as unknown as Json);
}

function* textsOfJson(value: Json): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value as { readonly [key: string]: Json })) yield* textsOfJson(item);
}

it("keeps what a sender hid as a state: a sentinel is no content, and hides no other", () => {
  const hidden = told.filter(({ record }) =>
    [...record.attributes.values()].some((value) => typeof value === "string" && isMaskedText(value)),
  );
  expect(new Set(hidden.map(({ name }) => name.split("/")[0])).size).toBeGreaterThan(1);
  for (const { name, span } of hidden)
    expect([name, [span.input?.type, span.output?.type].includes("masked")]).toEqual([name, true]);
  for (const { name, span } of told)
    for (const content of [span.input, span.output])
      for (const text of textsIn(content))
        if (isMaskedText(text)) throw new Error(`${name}: ${text} stands as content`);
});

/** Ways in which a sender tells a failure and not in the status of the span. */
const SIGNS: Readonly<Record<string, (told: Told) => boolean>> = {
  "an exception among its events": ({ record }) => record.events.some(({ name }) => name === "exception"),
  "a level": ({ record }) => [...record.attributes].some(([key, value]) => key.endsWith("level") && value === "ERROR"),
  "a type of error": ({ record }) => record.attributes.has("error.type"),
  "a state": ({ record }) => [...record.attributes].some(([key, value]) => key.endsWith("state") && value === "error"),
  "no success": ({ record }) =>
    ["success", "tool.success"].some((key) => String(record.attributes.get(key)) === "false"),
};

it.each(Object.entries(SIGNS))("takes %s for an error, whatever the status says", (_, fails) => {
  const failed = told.filter((one) => fails(one));
  expect(failed.length).toBeGreaterThan(0);
  for (const { name, span } of failed) expect([name, span.status]).toEqual([name, "error"]);
});

it("finds failures that no status tells", () => {
  const silent = told.filter(({ record, span }) => record.statusCode !== 2 && span.status === "error");
  expect(new Set(silent.map(({ name }) => name.split("/")[0])).size).toBeGreaterThan(2);
});

/** Claude Code's names of tokens, and ours. */
const CLAUDE_TYPES = {
  input: "input",
  output: "output",
  cacheRead: "cache_read",
  cacheCreation: "cache_write",
} as const;

it.each(["logs", "tools", "nocontent"])(
  "Claude Code's metrics tell the tokens and the cost of its calls: %s",
  (scenario) => {
    const recording = readRecording(`claude-code/${scenario}`);
    const points = recording.requests
      .filter(({ path }) => path.endsWith("/metrics"))
      .flatMap(({ body }) => readMetrics(body, "protobuf").metrics);
    const sumOf = (name: string, type?: string): number =>
      points
        .filter((point) => point.name === name && (type === undefined || point.attributes.get("type") === type))
        .reduce((sum, { value }) => sum + (value ?? 0), 0);
    const spans = told.filter(({ name }) => name.startsWith(`claude-code/${scenario} `)).map(({ span }) => steps(span));
    const lines = spans.flatMap(({ usage }) => usage);
    for (const [type, bucket] of Object.entries(CLAUDE_TYPES)) {
      const tokens = lines.reduce((sum, { buckets }) => sum + (buckets[bucket] ?? 0), 0);
      expect([type, tokens]).toEqual([type, sumOf("claude_code.token.usage", type)]);
      expect(tokens).toBeGreaterThan(0);
    }
    const nanos = spans.reduce((sum, { cost }) => sum + Number(cost?.nanos ?? 0n), 0);
    expect(nanos).toBe(Math.round(sumOf("claude_code.cost.usage") * 1e9));
  },
);
