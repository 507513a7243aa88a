import { trace } from "@opentelemetry/api";

/** A span as the program's own set-up saw it. */
export interface OwnSpan {
  readonly name: string;
  readonly parent: string | undefined;
}

/** A set-up that is running. */
export interface SetUp {
  /** Runs the work inside a span of the set-up, as its own documentation has it. */
  inSpan<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Its finished spans by name, each with the name of its parent. */
  seen(): Promise<readonly OwnSpan[]>;
  stop(): Promise<void>;
}

/** Starts one of the set-ups that programs have. */
export async function startSetUp(name: string, processor: unknown): Promise<SetUp> {
  if (name === "sentry") return startSentry();
  if (name === "dd-trace") return startDatadog();
  return startNodeSdk(processor);
}

function inOtelSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  return trace.getTracer("program", "1.2.3").startActiveSpan(name, async (span) => {
    try {
      span.setAttribute("app.name", name);
      return await work();
    } finally {
      span.end();
    }
  });
}

async function startNodeSdk(processor: unknown): Promise<SetUp> {
  const { NodeSDK, tracing } = await import("@opentelemetry/sdk-node");
  const exporter = new tracing.InMemorySpanExporter();
  const own = new tracing.SimpleSpanProcessor(exporter);
  const sdk = new NodeSDK({
    spanProcessors: processor === undefined ? [own] : [own, processor as typeof own],
    instrumentations: [],
  });
  sdk.start();
  return {
    inSpan: inOtelSpan,
    seen: async () => {
      await own.forceFlush();
      const spans = exporter.getFinishedSpans();
      const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]));
      return sorted(spans.map((span) => ({ name: span.name, parent: nameOf(names, span.parentSpanContext?.spanId) })));
    },
    stop: () => sdk.shutdown(),
  };
}

async function startSentry(): Promise<SetUp> {
  const sentry = await import("@sentry/node");
  const spans: { name: string; id: string; parentId: string | undefined }[] = [];
  sentry.init({
    dsn: "http://key@127.0.0.1:9/1",
    tracesSampleRate: 1,
    traceLifecycle: "static",
    // Nothing leaves: what would is looked at here.
    transport: () => ({ send: () => Promise.resolve({ statusCode: 200 }), flush: () => Promise.resolve(true) }),
    beforeSendTransaction: (event) => {
      const { trace } = event.contexts ?? {};
      spans.push({ name: event.transaction ?? "", id: trace?.span_id ?? "", parentId: trace?.parent_span_id });
      for (const span of event.spans ?? []) {
        spans.push({ name: span.description ?? span.op ?? "", id: span.span_id, parentId: span.parent_span_id });
      }
      return event;
    },
  });
  return {
    // From its version 11 on it does not trace by OpenTelemetry any more.
    inSpan: (name, work) => sentry.startSpan({ name }, work),
    seen: async () => {
      await sentry.flush(2000);
      const names = new Map(spans.map(({ id, name }) => [id, name]));
      return sorted(spans.map(({ name, parentId }) => ({ name, parent: nameOf(names, parentId) })));
    },
    stop: async () => void (await sentry.close(1000)),
  };
}

async function startDatadog(): Promise<SetUp> {
  const { default: datadog } = await import("dd-trace");
  datadog.init({ startupLogs: false, plugins: false, runtimeMetrics: false });
  const provider = new datadog.TracerProvider();
  provider.register();
  return { inSpan: inOtelSpan, seen: () => Promise.resolve([]), stop: () => Promise.resolve() };
}

function nameOf(names: ReadonlyMap<string, string>, id: string | undefined): string | undefined {
  return id === undefined ? undefined : (names.get(id) ?? "a span that was not seen");
}

function sorted(spans: readonly OwnSpan[]): readonly OwnSpan[] {
  return spans.toSorted((first, second) => (first.name < second.name ? -1 : 1));
}
