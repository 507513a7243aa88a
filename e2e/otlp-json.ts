/** A span as a test tells it; times in milliseconds after a fixed moment. */
export interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly start?: number;
  readonly end?: number;
  readonly status?: 0 | 1 | 2;
  readonly attributes?: { readonly [key: string]: string | number | boolean };
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

const ORIGIN = BigInt(Date.now() - 60_000) * 1_000_000n;

function nanos(milliseconds: number): string {
  return (ORIGIN + BigInt(Math.round(milliseconds * 1000)) * 1000n).toString();
}

function keyValues(attributes: { readonly [key: string]: string | number | boolean }): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const RESOURCE = { attributes: keyValues({ "service.name": "e2e" }) };

/** An OTLP/JSON request with these spans. */
export function tracesJson(spans: readonly TestSpan[]): string {
  const written = spans.map((span) => ({
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId ? { parentSpanId: span.parentSpanId } : {}),
    name: span.name ?? "span",
    kind: 3,
    startTimeUnixNano: nanos(span.start ?? 0),
    endTimeUnixNano: nanos(span.end ?? 100),
    attributes: keyValues(span.attributes ?? {}),
    status: { code: span.status ?? 0 },
    ...(span.links ? { links: span.links } : {}),
  }));
  return JSON.stringify({
    resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ scope: { name: "e2e" }, spans: written }] }],
  });
}

/** A log record that tells content of a span. */
export interface TestLog {
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  readonly time?: number;
  readonly body: object;
  readonly attributes?: { readonly [key: string]: string | number | boolean };
}

/** An OTLP/JSON request with these log records; `body` is an OTLP AnyValue. */
export function logsJson(logs: readonly TestLog[]): string {
  const logRecords = logs.map((log) => ({
    timeUnixNano: nanos(log.time ?? 1),
    traceId: log.traceId,
    spanId: log.spanId,
    eventName: log.eventName,
    body: log.body,
    attributes: keyValues(log.attributes ?? {}),
  }));
  return JSON.stringify({
    resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ scope: { name: "e2e" }, logRecords }] }],
  });
}

/** Sends a request and fails unless it was taken. */
export async function send(url: string, signal: "traces" | "logs" | "metrics", body: string): Promise<void> {
  const response = await fetch(`${url}/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  if (response.status !== 200) throw new Error(`${signal}: ${response.status} ${await response.text()}`);
}

/** Attributes of a finished chat call in the conventions' newest form. */
export function chat(
  input: number,
  output: number,
  more: { readonly [key: string]: string | number | boolean } = {},
): { readonly [key: string]: string | number | boolean } {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": output,
    ...more,
  };
}

/** Asks again until the answer is as wanted; the store is a moment behind the acknowledgement. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  wanted: (answer: Answer) => boolean,
): Promise<Answer> {
  const until = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
