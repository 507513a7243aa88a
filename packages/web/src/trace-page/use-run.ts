import type { RelatedTraces, TraceSkeleton } from "@telltale/server/api-types";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useJoinedTrace, useRelatedTraces, useTrace } from "../data/answers.ts";
import { listenLive } from "../data/live.ts";
import { useTraceState } from "../data/use-url-state.ts";

/** A trace as the page shows it: alone, or in one tree with those that ids tie to it. */
export interface Run {
  /** The trace alone until the tree is there. */
  readonly skeleton: TraceSkeleton | undefined;
  readonly related: RelatedTraces | undefined;
  /** How many other traces ids tie to it. */
  readonly tied: number;
  readonly isAlone: boolean;
  /** Whether the tree may still come. */
  readonly isJoining: boolean;
  readonly isPending: boolean;
  /** Why the trace is not there. */
  readonly error: Error | null;
  /** Why it is not joined. */
  readonly joinError: Error | null;
  retry(): void;
}

/** Reads a trace, then what belongs with it, then all of it as one tree; and again when any of them grew. */
export function useRun(traceId: string): Run {
  const [{ alone }] = useTraceState();
  const isAlone = alone === "yes";
  const single = useTrace(traceId);
  const relation = useRelatedTraces(traceId, single.data !== undefined);
  const related = relation.data;
  const ids = useTiedIds(related);
  const joined = useJoinedTrace(traceId, isAlone ? NONE : ids);
  useRefresh(traceId, ids);
  const skeleton = isAlone || ids.length === 0 ? single.data : (joined.data ?? single.data);
  return {
    skeleton,
    related,
    tied: ids.length,
    isAlone,
    isJoining: !isAlone && (relation.isPending || (ids.length > 0 && joined.isPending)),
    isPending: single.isPending,
    error: single.error,
    joinError: isAlone ? null : joined.error,
    retry: () => void single.refetch(),
  };
}

const NONE: readonly string[] = [];

/** The same array while they are the same, in an order of their own: they are the name of an answer. */
function useTiedIds(related: RelatedTraces | undefined): readonly string[] {
  const sure = related?.related.filter(({ ties }) => !ties.includes("time")) ?? [];
  const text = sure
    .map(({ trace }) => trace.traceId)
    .toSorted()
    .join(",");
  return useMemo(() => (text === "" ? NONE : text.split(",")), [text]);
}

/** A running trace is read again when it grew, at most this often. */
const REFRESH_MS = 1500;
/** What belongs with it is looked for through all spans of the time: seldom. */
const SEARCH_MS = 15_000;

function useRefresh(traceId: string, tied: readonly string[]): void {
  const cache = useQueryClient();
  const watched = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    watched.current = new Set([traceId, ...tied]);
  }, [traceId, tied]);
  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const again = (what: "trace" | "related", after: number): void => {
      if (timers.has(what)) return;
      const ask = (): void => {
        timers.delete(what);
        void cache.invalidateQueries({ queryKey: [what, traceId] });
      };
      timers.set(what, setTimeout(ask, after));
    };
    const stop = listenLive((trace) => {
      if (!watched.current.has(trace.traceId)) return;
      again("trace", REFRESH_MS);
      again("related", SEARCH_MS);
    });
    return () => {
      stop();
      for (const timer of timers.values()) clearTimeout(timer);
    };
  }, [cache, traceId]);
}
