import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JoinedColumns, joinedParents } from "./joined-parents.ts";
import { pairsOf } from "./span-pairs.ts";
import type { SpanTies } from "./trace-ties.ts";

/** A span as a test tells it. Times in milliseconds. */
interface Told {
  readonly trace: number;
  readonly id: string;
  readonly parent?: string | undefined;
  readonly start: number;
  readonly end: number | null;
  readonly links?: readonly { readonly trace: number; readonly id: string }[];
  readonly answer?: string | undefined;
  readonly call?: string | undefined;
  readonly scope?: string;
}

const traceId = (trace: number): string => trace.toString(16).padStart(32, "0");
const nanos = (ms: number): bigint => BigInt(Math.round(ms * 1e6));

function tiesOf({
  trace,
  id,
  parent = "",
  start,
  end,
  links = [],
  answer = "",
  call = "",
  scope = "",
}: Told): SpanTies {
  return {
    traceId: traceId(trace),
    spanId: id,
    parentSpanId: parent,
    responseId: answer,
    toolCallId: call,
    links:
      links.length === 0
        ? ""
        : JSON.stringify(links.map((link) => ({ traceId: traceId(link.trace), spanId: link.id }))),
    scopeName: scope,
    resource: "",
    startTime: nanos(start),
    endTime: nanos(end ?? start),
  };
}

function join(spans: readonly Told[]): ReturnType<typeof joinedParents> {
  const count = spans.reduce((most, { trace }) => Math.max(most, trace + 1), 0);
  const columns: JoinedColumns = {
    traceIds: Array.from({ length: count }, (_, trace) => traceId(trace)),
    traces: spans.map(({ trace }) => trace),
    spanIds: spans.map(({ id }) => id),
    parentIds: spans.map(({ parent = "" }) => parent),
    starts: spans.map(({ start }) => start),
    durations: spans.map(({ start, end }) => (end === null ? null : end - start)),
  };
  return joinedParents(columns, pairsOf(spans.map(tiesOf)));
}

const parentsOf = (spans: readonly Told[]): number[] => [...join(spans).parents];

const CUTS = ["whole", "parent", "link to the parent", "link to the child", "answer", "toolCall"] as const;

/**
 * A random tree, of which each edge is whole or cut; a span's children follow one another in time within it. Below a
 * cut begins a trace of its own, that is tied to the span above it in one of the ways.
 */
const splitTree = fc
  .array(fc.tuple(fc.nat(), fc.constantFrom(...CUTS)), { minLength: 1, maxLength: 40 })
  .map((picks): { spans: Told[]; parents: number[]; ties: (string | undefined)[] } => {
    const parents = picks.map(([pick], span) => (span === 0 ? -1 : pick % span));
    const children = parents.map((_, span) => parents.flatMap((parent, child) => (parent === span ? [child] : [])));
    const intervals: [number, number][] = [];
    const place = (span: number, start: number): number => {
      let at = start + 20;
      for (const child of children[span]!) at = place(child, at) + 20;
      intervals[span] = [start, at];
      return at;
    };
    place(0, 0);
    const traces: number[] = [];
    const spans: { -readonly [key in keyof Told]: Told[key] }[] = [];
    for (const [span, parent] of parents.entries()) {
      const how = span === 0 ? "root" : picks[span]![1];
      traces.push(how === "whole" ? traces[parent]! : span);
      const [start, end] = intervals[span]!;
      const told: (typeof spans)[number] = {
        trace: traces[span]!,
        id: `s${span}`,
        start,
        end,
        scope: `library ${span}`,
      };
      spans.push(told);
      const above = spans[parent];
      if (!above) continue;
      if (how === "whole" || how === "parent") told.parent = above.id;
      if (how === "link to the parent") told.links = [{ trace: above.trace, id: above.id }];
      if (how === "link to the child") above.links = [...(above.links ?? []), { trace: told.trace, id: told.id }];
      // An id goes on down: a chain of cuts tells one call in more than two layers.
      if (how === "answer") told.answer = above.answer ??= `answer ${parent}`;
      if (how === "toolCall") told.call = above.call ??= `call ${parent}`;
    }
    const ties = picks.map(([, how], span) =>
      span === 0 || how === "whole" ? undefined : how.startsWith("link") ? "link" : how,
    );
    return { spans, parents, ties };
  });

describe("one tree of several traces", () => {
  it("is the tree as it was before its edges were cut at random, each hung by what ties it", () => {
    fc.assert(
      fc.property(splitTree, fc.nat(), ({ spans, parents, ties }, seed) => {
        // In any order of arrival.
        const order = spans
          .map((_, span) => span)
          .toSorted((a, b) => (((a + seed) * 7919) % 41) - (((b + seed) * 7919) % 41));
        const joined = join(order.map((span) => spans[span]!));
        const idOf = (place: number): number => (place < 0 ? place : order[place]!);
        const found = order.map((span, place) => [span, idOf(joined.parents[place]!)] as const);
        expect(new Map(found)).toEqual(new Map(parents.entries()));
        const hung = new Map(joined.hung.map(({ span, tie }) => [idOf(span), tie]));
        expect(hung).toEqual(new Map([...ties.entries()].filter(([, tie]) => tie !== undefined)));
      }),
    );
  });

  it("ends for any ids, parents, links and times, and hangs every span once and below itself never", () => {
    const small = fc.constantFrom("a", "b", "c", "");
    const trace = fc.nat({ max: 3 });
    const hostile = fc.record({
      trace,
      id: fc.constantFrom("a", "b", "c"),
      parent: small,
      start: fc.nat({ max: 30 }),
      end: fc.option(fc.nat({ max: 60 })),
      links: fc.array(fc.record({ trace: fc.nat({ max: 5 }), id: small }), { maxLength: 3 }),
      answer: small,
      call: small,
      scope: small,
    });
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 40 }), (spans) => {
        const { parents, hung } = join(spans);
        for (let span = 0; span < spans.length; span++) {
          let at = span;
          for (let steps = 0; at >= 0; steps++) {
            expect(steps).toBeLessThanOrEqual(spans.length);
            at = parents[at]!;
          }
        }
        for (const { span } of hung) expect(spans[parents[span]!]!.trace).not.toBe(spans[span]!.trace);
        expect(new Set(hung.map(({ span }) => span)).size).toBe(hung.length);
      }),
      { numRuns: 500 },
    );
  });

  it("hangs a run under the innermost call that it lies within, and not under one that it reaches out of", () => {
    const outer: Told = { trace: 0, id: "a", start: 0, end: 100, scope: "agents", answer: "r" };
    const inner: Told = { trace: 1, id: "b", start: 10, end: 90, scope: "openai", answer: "r" };
    expect(parentsOf([outer, inner, { ...inner, trace: 2, id: "c", start: 20, end: 80, scope: "http" }])).toEqual([
      -1, 0, 1,
    ]);
    expect(parentsOf([outer, { ...inner, end: 150 }])).toEqual([-1, -1]);
    expect(parentsOf([outer, { ...inner, scope: "agents" }])).toEqual([-1, -1]);
  });

  it("leaves a link between two that are not within one another, and of several one is enough", () => {
    const link = { trace: 0, id: "b" };
    const job: Told[] = [
      { trace: 0, id: "a", start: 0, end: 100 },
      { trace: 0, id: "b", parent: "a", start: 50, end: 60 },
    ];
    const other: Told[] = [
      { trace: 1, id: "c", start: 20, end: 90 },
      { trace: 1, id: "d", parent: "c", start: 70, end: 80, links: [link] },
    ];
    expect(parentsOf([...job, ...other])).toEqual([-1, 0, -1, 2]);
    const sender: Told = { trace: 1, id: "c", start: 1, end: 2 };
    const batch: Told = {
      trace: 2,
      id: "d",
      start: 200,
      end: 210,
      links: [link, { trace: 1, id: "c" }, { trace: 9, id: "z" }],
    };
    expect(parentsOf([...job, sender, batch])).toEqual([-1, 0, -1, 1]);
  });

  it("says whose parent came with no trace, and takes of namesakes the one that was open", () => {
    const child: Told = { trace: 2, id: "c", parent: "a", start: 50, end: 60 };
    const early: Told = { trace: 0, id: "a", start: 0, end: 10 };
    const open: Told = { trace: 1, id: "a", start: 40, end: null };
    expect(parentsOf([early, open, child])).toEqual([-1, -1, 1]);
    expect(parentsOf([early, child])).toEqual([-1, 0]);
    expect(parentsOf([{ ...early, id: "x" }, child])).toEqual([-1, -2]);
  });

  it("holds 250,000 spans that name one another in a circle of traces", () => {
    const spans = Array.from({ length: 250_000 }, (_, at): Told => ({
      trace: at % 100,
      id: `s${at}`,
      parent: `s${(at + 1) % 250_000}`,
      start: at,
      end: at + 1,
      answer: "always",
      scope: String(at % 3),
    }));
    const { parents, hung } = join(spans);
    expect(parents.filter((parent) => parent < 0)).toHaveLength(1);
    expect(hung).toHaveLength(249_999);
  });
});
