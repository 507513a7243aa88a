import type { TestStore } from "./open-test-store.ts";

/** A trace for tests: 2026-11-20T10:30:00Z, unless told otherwise. */
export interface TestTrace {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly start?: number;
  readonly durationMs?: number;
  readonly columns?: { readonly [column: string]: unknown };
  readonly spans?: readonly TestSpan[];
}

/** A span for tests: a root that begins with its trace, unless told otherwise. */
export interface TestSpan {
  readonly id: string;
  readonly parent?: string;
  /** Milliseconds after the trace. */
  readonly after?: number;
  readonly columns?: { readonly [column: string]: unknown };
}

/** When test traces begin. */
export const TEST_START: number = Date.UTC(2026, 10, 20, 10, 30);

let rows = 0;

/** Trace ids for tests: `1` becomes 32 digits. */
export function testTraceId(id: string): string {
  return id.padStart(32, "a");
}

/** Span ids for tests: `1` becomes 16 digits. */
export function testSpanId(id: string): string {
  return id === "" ? "" : id.padStart(16, "b");
}

/** Time as the engine reads it. */
export function sqlTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("T", " ").replace("Z", "000000");
}

function sqlHour(milliseconds: number): string {
  return sqlTime(milliseconds - (milliseconds % 3_600_000)).slice(0, 19);
}

/** Inserts a trace and its spans as the engine process would. */
export async function insertTrace(test: TestStore, trace: TestTrace): Promise<void> {
  const start = trace.start ?? TEST_START;
  const end = start + (trace.durationMs ?? 1000);
  for (const span of trace.spans ?? []) {
    const began = start + (span.after ?? 0);
    await test.insert("span_rows", {
      row: ++rows,
      project: "default",
      hour: sqlHour(began),
      trace_id: testTraceId(trace.id),
      span_id: testSpanId(span.id),
      parent_span_id: testSpanId(span.parent ?? ""),
      start_time: sqlTime(began),
      end_time: sqlTime(began + 10),
      kind: "span",
      status: "ok",
      billing: "none",
      attributes: {},
      ...span.columns,
    });
  }
  await test.insert("trace_summaries", {
    row: ++rows,
    project: "default",
    filed_at: sqlTime(start).slice(0, 19),
    trace_id: testTraceId(trace.id),
    start_time: sqlTime(start),
    end_time: sqlTime(end),
    status: "ok",
    span_count: trace.spans?.length ?? 0,
    ...trace.columns,
  });
}
