import { describe, expect, it } from "vitest";
import { exportCounts, flush, shutdown, Telltale, withSpan } from "../index.ts";
import { useSpanSink } from "../testing/use-span-sink.ts";

/* The memory of spans that wait is bounded by `maxQueueBytes`, wherever a program puts its text. */

const { sink, start } = useSpanSink({ appName: "tests", maxQueueBytes: 1_000_000 });

/** 100 kB, another each time. */
const text = (): string => Math.random().toString(36).padEnd(100_000, "x");

const PLACES: readonly (readonly [string, () => void])[] = [
  ["a result", () => withSpan("x", text)],
  ["a name", () => withSpan(text(), () => {})],
  ["an attribute", () => withSpan("x", { attributes: { one: text() } }, () => {})],
  ["a list in an attribute", () => withSpan("x", { attributes: { one: [text()] } }, () => {})],
  ["the id of a user", () => withSpan("x", { userId: text() }, () => {})],
  ["tags", () => withSpan("x", () => Telltale.setTags([text()]))],
  ["metadata", () => withSpan("x", () => Telltale.setMetadata({ one: text() }))],
  ["the comment of a score", () => withSpan("x", () => Telltale.score("good", 1, text()))],
  ["an error", () => withSpan("x", (span) => span.recordError(new Error(text())))],
  [
    "many errors",
    () =>
      withSpan("x", (span) => {
        for (let count = 0; count < 100; count++) span.recordError(new Error(text().slice(0, 1000)));
      }),
  ],
];

describe("spans that wait", () => {
  it.each(PLACES)("hold no more than they may with much text in %s", async (_, make) => {
    sink.rule = () => ({ status: "silence" });
    start();
    // What sends is there.
    await flush();
    for (let count = 0; count < 40; count++) make();
    const { queued = 0, droppedQueueFull = 0 } = exportCounts() ?? {};
    expect(queued).toBeLessThanOrEqual(10);
    expect(queued + droppedQueueFull).toBe(40);
    await shutdown(1);
  });
});
