import type {
  AttributeValue,
  Content,
  Json,
  Message,
  MessagePart,
  Span,
  SpanId,
  TraceId,
  UsageLine,
} from "@telltale/model";
import { SPAN_KINDS, USAGE_BUCKETS, USAGE_UNITS } from "@telltale/model";
import * as fc from "fast-check";
import { FIELD_KEYS } from "../forward/exported-keys.ts";

/*
 * Any span that a translation can make: the fields of the schema, and what every translation keeps to (text
 * is well-formed, an absent text is not empty, integers beyond 2⁵³ are bigint, an error alone has a message).
 */

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: digits, maxLength: digits })
    .map((list) => list.join(""))
    .filter((id) => /[^0]/.test(id));
const traceId = hex(32).map((id) => id as TraceId);
const spanId = hex(16).map((id) => id as SpanId);
const instant = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });

/** Keys that tell a canonical field to somebody, and others. */
const key = fc.oneof(
  fc.constantFrom(...FIELD_KEYS),
  fc.constantFrom("telltale.raw.x", "telltale.raw.session.id", "__proto__", "gen_ai.usage.prompt_tokens", "llm.user"),
  name,
);

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    text,
    fc.double(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

/** Attributes; OTLP has no attributes that mean nothing, so a number that is one vector of floats is not among them. */
const attributes = fc.array(fc.tuple(key, value), { maxLength: 8 }).map((entries) => new Map(entries));

const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 3 })
  .map((each) => JSON.parse(JSON.stringify(each).toWellFormed()) as Json)
  .filter((each) => each !== null);

const media = { mime_type: optional(text), modality: optional(text) };
const part: fc.Arbitrary<MessagePart> = fc
  .oneof(
    fc.record({ type: fc.constant("text" as const), content: text }),
    fc.record({ type: fc.constant("reasoning" as const), content: text }),
    fc.record({ type: fc.constant("tool_call" as const), id: optional(text), name: text, arguments: optional(json) }),
    fc.record({ type: fc.constant("tool_call_response" as const), id: optional(text), response: optional(json) }),
    fc.record({ type: fc.constant("blob" as const), ...media, content: text }),
    fc.record({ type: fc.constant("uri" as const), ...media, uri: text }),
    fc.record({ type: fc.constant("file" as const), ...media, file_id: text }),
    fc.record({
      type: fc.constant("generic" as const),
      value: fc.oneof(json, fc.record({ type: fc.constantFrom("text", "image_url", "own", "generic"), text: json })),
    }),
  )
  .map(withoutAbsent) as fc.Arbitrary<MessagePart>;

const message = fc
  .record({
    role: fc.oneof(fc.constantFrom("user", "assistant", "system", "tool", "model", "human"), text),
    parts: fc.array(part, { maxLength: 3 }),
    name: optional(text),
    finish_reason: optional(text),
  })
  .map(withoutAbsent) as fc.Arbitrary<Message>;

const document = fc
  .record({
    id: optional(text),
    content: optional(text),
    score: optional(fc.double({ noNaN: true, noDefaultInfinity: true })),
    metadata: optional(json),
  })
  .map((each) => JSON.parse(JSON.stringify(each)) as { id?: string });

const content: fc.Arbitrary<Content> = fc.oneof(
  fc.array(message, { maxLength: 3 }).map((messages): Content => ({ type: "messages", messages })),
  fc.array(document, { maxLength: 3 }).map((documents): Content => ({ type: "documents", documents })),
  json.map((each): Content => ({ type: "json", value: each })),
  text.map((each): Content => ({ type: "text", text: each })),
  fc.constant<Content>({ type: "masked" }),
);

function withoutAbsent<T extends object>(told: T): T {
  return Object.fromEntries(Object.entries(told).filter(([, each]) => each !== undefined)) as T;
}

const count = fc.nat(1_000_000);
const usageLine = fc
  .record({
    model: optional(text),
    buckets: fc
      .dictionary(fc.constantFrom(...USAGE_BUCKETS), count, { minKeys: 1, maxKeys: 5, noNullPrototype: true })
      .map((each) => each),
    units: optional(
      fc.dictionary(fc.constantFrom(...USAGE_UNITS), fc.integer({ min: 1, max: 99 }), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
    quality: optional(fc.constantFrom("reported" as const, "inferred" as const, "estimated" as const)),
  })
  .map(withoutAbsent) as fc.Arbitrary<UsageLine>;

const nanos = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });

const fields = fc.record({
  traceId,
  spanId,
  parentSpanId: optional(spanId),
  project: name,
  serviceName: text,
  name: text,
  kind: fc.constantFrom(...SPAN_KINDS),
  startTime: instant,
  endTime: optional(instant),
  status: fc.constantFrom("unset" as const, "ok" as const, "error" as const),
  errorMessage: optional(name),
  usage: fc.array(usageLine, { maxLength: 3 }),
  cost: optional(
    fc.record({ nanos, source: text }).map((reported) => ({ currency: "USD", lines: [] as const, reported })),
  ),
  input: optional(content),
  output: optional(content),
  finishReason: optional(text),
  timeToFirstToken: optional(fc.bigInt({ min: 0n, max: 2n ** 60n })),
  tags: fc.array(text, { maxLength: 3 }),
  attributes,
  resource: attributes,
  scopeName: text,
  scopeVersion: text,
  events: fc.array(fc.record({ name: text, time: instant, attributes }), { maxLength: 2 }),
  links: fc.array(fc.record({ traceId, spanId, attributes }), { maxLength: 2 }),
  dialect: fc.constantFrom("", "gen-ai/3", "openinference/12"),
});

const texts = fc.record({
  operation: optional(text),
  errorType: optional(text),
  provider: optional(text),
  requestModel: optional(text),
  responseModel: optional(text),
  responseId: optional(text),
  serviceTier: optional(text),
  sessionId: optional(text),
  userId: optional(text),
  agentName: optional(text),
  toolName: optional(text),
  toolCallId: optional(text),
  promptName: optional(text),
  promptVersion: optional(text),
});

/** Any canonical span. */
export const anySpan: fc.Arbitrary<Span> = fc
  .tuple(fields, texts)
  .map(([more, told]) => withoutAbsent({ ...more, ...told })) as fc.Arbitrary<Span>;
