import type { Span } from "@telltale/model";
import { inputTokens, isWhollyKnown, outputTokens } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { pipeline } from "./pipeline.ts";
import { joinedParents } from "./query/joined-parents.ts";
import { pairsOf } from "./query/span-pairs.ts";
import { KNOWN_LOSSES } from "./testing/losses.ts";
import { logsOf, readRecording, recordingNames } from "./testing/read-recording.ts";
import { translate } from "./translate.ts";

/*
 * The table of docs/reference/corpus.md is what the translation makes of every recording. It is written
 * anew by `npx vitest run packages/server/src/corpus-table.test.ts -u`.
 */

const steps = pipeline();
const HEAD = `# The corpus: what each SDK tells, and what it loses

Every recorded request in \`fixtures/corpus/\` as Telltale reads it. This table is written by the test that checks it.

- **calls**: model calls that are told, seen once where two layers or a parent tell one call again
- **kinds**: spans by what they are
- **tokens**: in / out of those calls; \`–\` where nobody told, \`~\` where the sender counted itself
- **cost**: dollars by Telltale's own price list; \`–\` where there is no usage or no known price, \`≥\` where that is not all of it
- **tree**: traces / roots / spans whose parent never came; and how many traces the page joins to others, by which
  ids. Parts of one run in several traces stay apart where no id that both tell joins them
- **content**: calls with what was asked / what was answered; \`masked\` where the sender hid it
- **lost**: what the sender did not tell, or told wrongly

| SDK | scenario | calls | kinds | tokens | cost | tree | content | lost |
| --- | --- | ---: | --- | ---: | ---: | --- | --- | --- |
`;

/** Calls that tell of themselves: no call below them is of the same answer. */
function callsOf(spans: readonly Span[]): readonly Span[] {
  const told = spans.filter(({ kind }) => kind === "llm" || kind === "embedding");
  const byId = new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span]));
  const outer = new Set<Span>();
  for (const span of told) {
    let above = byId.get(`${span.traceId} ${span.parentSpanId}`);
    for (let steps = 0; above && steps < 100; steps++) {
      if (above.kind === span.kind) outer.add(above);
      above = byId.get(`${above.traceId} ${above.parentSpanId}`);
    }
  }
  const seen = new Map<string, Span>();
  for (const span of told.filter((call) => !outer.has(call))) {
    const key = span.responseId ?? `${span.traceId} ${span.spanId}`;
    const before = seen.get(key);
    if (!before || before.usage.length < span.usage.length) seen.set(key, span);
  }
  return [...seen.values()];
}

function kindsOf(spans: readonly Span[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of spans) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

function tokensOf(calls: readonly Span[]): string {
  const lines = calls.flatMap(({ usage }) => usage);
  const mark = lines.some(({ quality }) => quality === "estimated") ? "~" : "";
  return `${mark}${inputTokens(lines) ?? "–"} / ${outputTokens(lines) ?? "–"}`;
}

function costOf(calls: readonly Span[]): string {
  const known = calls.flatMap(({ cost }) => (cost?.nanos === undefined ? [] : [cost.nanos]));
  if (known.length === 0) return "–";
  const nanos = known.reduce((sum, one) => sum + one, 0n);
  const bound = calls.every(({ cost }) => isWhollyKnown(cost)) ? "" : "≥ ";
  return `${bound}${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, "0")}`;
}

function treeOf(spans: readonly Span[]): string {
  const ids = new Set(spans.map((span) => `${span.traceId} ${span.spanId}`));
  const traces = new Set(spans.map(({ traceId }) => traceId)).size;
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined).length;
  const orphans = spans.filter((span) => span.parentSpanId && !ids.has(`${span.traceId} ${span.parentSpanId}`)).length;
  return `${traces} / ${roots} / ${orphans}${joinedOf(spans)}`;
}

/** What is hung below a span of another trace when the traces of a recording are looked at together. */
function joinedOf(told: readonly Span[]): string {
  const spans = [...new Map(told.map((span) => [`${span.traceId} ${span.spanId}`, span])).values()];
  const traceIds = [...new Set(spans.map(({ traceId }) => traceId))];
  const ties = spans.map((span) => ({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? "",
    responseId: span.responseId ?? "",
    toolCallId: span.toolCallId ?? "",
    links: span.links.length === 0 ? "" : JSON.stringify(span.links),
    scopeName: span.scopeName,
    resource: "",
    startTime: span.startTime,
    endTime: span.endTime ?? span.startTime,
  }));
  const first = spans.reduce(
    (least, { startTime }) => (startTime < least ? startTime : least),
    spans[0]?.startTime ?? 0n,
  );
  const columns = {
    traceIds,
    traces: ties.map(({ traceId }) => traceIds.indexOf(traceId)),
    spanIds: ties.map(({ spanId }) => spanId),
    parentIds: ties.map(({ parentSpanId }) => parentSpanId),
    starts: ties.map(({ startTime }) => Number(startTime - first) / 1e6),
    durations: ties.map(({ startTime, endTime }) => Number(endTime - startTime) / 1e6),
  };
  const { hung } = joinedParents(columns, pairsOf(ties));
  if (hung.length === 0) return "";
  return `; ${hung.length} joined by ${[...new Set(hung.map(({ tie }) => tie))].join(", ")}`;
}

function sideOf(calls: readonly Span[], side: "input" | "output"): string {
  if (calls.some((call) => call[side]?.type === "masked")) return "masked";
  return String(calls.filter((call) => call[side] !== undefined).length);
}

function rowOf(name: string): string {
  const recording = readRecording(name);
  const spans = recording.spans.map((span) =>
    steps(translate(span, logsOf(recording, span), { project: "", receivedAt: span.startTime })),
  );
  const calls = callsOf(spans);
  const lost = KNOWN_LOSSES.filter(({ recordings }) => recordings.test(name)).map(({ losses, why }) =>
    losses.length === 0 ? why : `${losses.join(", ")}: ${why}`,
  );
  const cut = new Set(spans.flatMap(({ attributes }) => attributes.get("telltale.sender.loss") ?? []));
  const cells = [
    ...name.split("/"),
    calls.length,
    kindsOf(spans),
    tokensOf(calls),
    costOf(calls),
    treeOf(spans),
    `${sideOf(calls, "input")} / ${sideOf(calls, "output")}`,
    [...lost, ...cut].join("; "),
  ];
  return `| ${cells.join(" | ")} |`;
}

describe("the table of the corpus", () => {
  it("is what the translation makes of the recordings", async () => {
    const table = `${HEAD}${recordingNames().map(rowOf).join("\n")}\n`;
    await expect(table).toMatchFileSnapshot("../../../docs/reference/corpus.md");
  });
});
