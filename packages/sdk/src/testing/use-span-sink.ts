import { afterEach, beforeEach } from "vitest";
import { initialize, type InitializeOptions, shutdown } from "../index.ts";
import { type SpanSink, startSpanSink } from "./span-sink.ts";

/** The sink of the test that runs, and the SDK that sends to it. */
export interface UsedSpanSink {
  /** Always the one of the test that runs. */
  readonly sink: SpanSink;
  /** Begins to watch and to send there; ended after the test. */
  start(options?: InitializeOptions): void;
}

/** Gives each test of a file a sink of its own. Called once, where the tests are described. */
export function useSpanSink(always: InitializeOptions = {}): UsedSpanSink {
  let current: SpanSink;
  beforeEach(async () => {
    current = await startSpanSink();
  });
  afterEach(async () => {
    await shutdown(2000);
    await current.stop();
  });
  const sink = new Proxy<SpanSink>({} as SpanSink, {
    get: (_, name) => Reflect.get(current, name) as unknown,
    set: (_, name, value) => Reflect.set(current, name, value),
  });
  return { sink, start: (options) => initialize({ endpoint: current.endpoint, ...always, ...options }) };
}
