import type { TraceSummary } from "@telltale/server/api-types";
import { useEffect, useMemo, useRef, useState } from "react";
import { getTraces } from "../data/client.ts";
import { listenLive } from "../data/live.ts";
import { rangeEnds, type TracesState } from "../data/url-state.ts";
import { EMPTY_LIVE_LIST, type LiveList, MOST_PENDING, receive, release, shownRows } from "./live-list.ts";

interface LiveRows {
  readonly rows: readonly TraceSummary[];
  readonly pendingCount: number;
  /** Shows what waits; loads the list anew where it cannot just be put on top. */
  release(): void;
}

/** Events are gathered for this long, so that a burst draws once. */
const GATHER_MS = 250;
/** With a filter only the server knows whether a new trace passes; it is asked at most this often. */
const ASK_MS = 2000;
const ASK_FOR = 50;

/** The loaded rows with the live feed merged in. `mayMove` says whether rows may appear on top right now. */
export function useLiveList(
  state: TracesState,
  loaded: readonly TraceSummary[],
  mayMove: boolean,
  reload: () => void,
): LiveRows {
  const [list, setList] = useState<LiveList>(EMPTY_LIVE_LIST);
  const isNewestFirst = state.sort === "startTime" && state.order === "desc";
  const known = useMemo(() => new Set(loaded.map(({ traceId }) => traceId)), [loaded]);
  const latest = useRef({ known, state });
  useEffect(() => {
    latest.current = { known, state };
  });
  useEffect(() => setList(EMPTY_LIVE_LIST), [state]);
  useEffect(() => {
    return gather((traces) => setList((now) => receive(now, traces, (id) => latest.current.known.has(id))), latest);
  }, []);
  const canShow = mayMove && isNewestFirst && list.pending.length > 0 && list.pending.length < MOST_PENDING;
  useEffect(() => {
    if (canShow) setList(release);
  }, [canShow]);
  return {
    rows: useMemo(() => shownRows(list, loaded), [list, loaded]),
    pendingCount: list.pending.length,
    release: () => {
      if (isNewestFirst && list.pending.length < MOST_PENDING) setList(release);
      else {
        setList(EMPTY_LIVE_LIST);
        reload();
      }
    },
  };
}

type Latest = { readonly current: { readonly known: ReadonlySet<string>; readonly state: TracesState } };

/** Listens, gathers, and hands on those traces that belong to the list. */
function gather(show: (traces: TraceSummary[]) => void, latest: Latest): () => void {
  let batch: TraceSummary[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ask: ReturnType<typeof setTimeout> | undefined;
  const askServer = (): void => {
    ask = undefined;
    const { state } = latest.current;
    const request = {
      ...rangeEnds(state.range, Date.now()),
      sort: "startTime",
      order: "desc",
      limit: ASK_FOR,
    } as const;
    getTraces({ filter: state.filter, ...request }).then(
      ({ traces }) => {
        if (latest.current.state === state) show(traces);
      },
      // The list itself shows what is wrong with the server.
      () => undefined,
    );
  };
  const flush = (): void => {
    timer = undefined;
    const { known, state } = latest.current;
    const isOwn = (trace: TraceSummary): boolean => known.has(trace.traceId) || state.filter === "";
    const isPast = state.range.type === "between";
    show(batch.filter((trace) => isOwn(trace) && (!isPast || known.has(trace.traceId))));
    if (!isPast && !batch.every(isOwn)) ask ??= setTimeout(askServer, ASK_MS);
    batch = [];
  };
  const stop = listenLive((trace) => {
    batch.push(trace);
    timer ??= setTimeout(flush, GATHER_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
    clearTimeout(ask);
  };
}
