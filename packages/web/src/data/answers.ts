import type {
  EstimatedShare,
  Facets,
  RelatedTraces,
  SpanDetail,
  Spend,
  TraceList,
  TraceSkeleton,
  TraceSummary,
} from "@telltale/server/api-types";
import {
  type InfiniteData,
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useQuery,
  type UseQueryResult,
} from "@tanstack/react-query";
import {
  ApiFailure,
  getCost,
  getFacets,
  getRelatedTraces,
  getSpan,
  getSpend,
  getTrace,
  getTraces,
  type SpendKey,
} from "./client.ts";
import { placeOfKey } from "../trace/joined-spans.ts";
import { rangeEnds, type TimeRange, type TracesState } from "./url-state.ts";

/** Rows of one page of the list: four screens, so that paging is rarely seen. */
export const PAGE_SIZE = 100;

/** Without a beginning the server tells of 30 days; "all time" asks for as many days as it tells at once. */
const ALL_TIME_MS = 2000 * 24 * 3_600_000;

/** Above two days bars of an hour are thinner than a finger. */
const HOURLY_UP_TO_MS = 2 * 24 * 3_600_000;

/** The cache of what the server answered. Wrong questions are not asked again, an unreachable server is. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        retry: (count, error) =>
          count < 2 && !(error instanceof ApiFailure && error.status >= 400 && error.status < 500),
      },
    },
  });
}

/** The traces that pass, page by page; not asked for while `enabled` is false. */
export function useTraces(
  state: TracesState,
  enabled: boolean,
): UseInfiniteQueryResult<InfiniteData<TraceList>, Error> {
  return useInfiniteQuery({
    queryKey: ["traces", state],
    queryFn: ({ pageParam, signal }) =>
      getTraces(
        {
          filter: state.filter,
          ...rangeEnds(state.range, Date.now()),
          sort: state.sort,
          order: state.order,
          limit: PAGE_SIZE,
          cursor: pageParam,
        },
        signal,
      ),
    enabled,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Frequent values among the traces that pass. */
export function useFacets(filter: string, range: TimeRange, enabled: boolean): UseQueryResult<Facets, Error> {
  return useQuery({
    queryKey: ["facets", filter, range],
    queryFn: ({ signal }) => getFacets({ filter, ...rangeEnds(range, Date.now()) }, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** Whether the server has any trace at all. */
export function useAnyTrace(enabled: boolean): UseQueryResult<boolean, Error> {
  return useQuery({
    queryKey: ["traces", "any"],
    queryFn: async ({ signal }) => {
      const list = await getTraces({ filter: "", sort: "startTime", order: "desc", limit: 1 }, signal);
      return list.traces.length > 0;
    },
    enabled,
  });
}

/** Spend, and where the range began that was asked for; milliseconds since 1970, absent for all time. */
export interface SpendAnswer {
  readonly spend: Spend;
  readonly from: number | undefined;
}

/** Spend and calls by a key over a range. */
export function useSpend(range: TimeRange, by: SpendKey): UseQueryResult<SpendAnswer, Error> {
  return useQuery({
    queryKey: ["spend", by, range],
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const { from, to } = rangeEnds(range, now);
      const asked = from ?? now - ALL_TIME_MS;
      const interval = (to ?? now) - asked <= HOURLY_UP_TO_MS ? "hour" : "day";
      return { spend: await getSpend({ by, interval, from: asked, to }, signal), from };
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

/** One trace without payloads. */
export function useTrace(traceId: string): UseQueryResult<TraceSkeleton, Error> {
  return useQuery({ queryKey: ["trace", traceId], queryFn: ({ signal }) => getTrace(traceId, { signal }) });
}

/** One trace in one tree with others; not asked for where there are none. What was joined stays until more is. */
export function useJoinedTrace(traceId: string, join: readonly string[]): UseQueryResult<TraceSkeleton, Error> {
  return useQuery({
    queryKey: ["trace", traceId, "join", join],
    queryFn: ({ signal }) => getTrace(traceId, { join, signal }),
    enabled: join.length > 0,
    placeholderData: (before) => (before?.summary.traceId === traceId ? before : undefined),
    retry: false,
  });
}

/** Other traces of the same run, asked for after the trace itself: on a busy server they are looked for a while. */
export function useRelatedTraces(traceId: string, enabled: boolean): UseQueryResult<RelatedTraces, Error> {
  return useQuery({
    queryKey: ["related", traceId],
    queryFn: ({ signal }) => getRelatedTraces(traceId, signal),
    enabled,
    staleTime: 60_000,
    retry: false,
  });
}

/** Everything about one span, told by its key on the page of a trace; asked for when it is looked at. */
export function useSpan(traceId: string, key: string | null): UseQueryResult<SpanDetail, Error> {
  const place = placeOfKey(key ?? "", traceId);
  return useQuery({
    queryKey: ["span", place.traceId, place.spanId],
    queryFn: ({ signal }) => getSpan(place.traceId, place.spanId, signal),
    enabled: key !== null,
    staleTime: 60_000,
  });
}

/** What was estimated of the calls of a trace of which nobody told the tokens; asked for where there may be such. */
export function useEstimated({ traceId, unpricedCalls }: TraceSummary): EstimatedShare | null {
  const cost = useQuery({
    queryKey: ["cost", "trace", traceId],
    queryFn: ({ signal }) => getCost({ traceId }, signal),
    enabled: unpricedCalls > 0,
  });
  return cost.data?.estimated ?? null;
}
