import { parseFilter, printFilter } from "@telltale/model";
import type { TraceList } from "@telltale/server/api-types";
import { type InfiniteData, useQueryClient, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactElement, useMemo, useRef, useState } from "react";
import { useCommand } from "../command/use-command.ts";
import { useAnyTrace, useFacets, useTraces } from "../data/answers.ts";
import type { TracesState } from "../data/url-state.ts";
import { type Change, useTracesState } from "../data/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { EmptyNote, ErrorNote, LoadingNote } from "../ui/note.tsx";
import { FacetsPanel } from "./facets-panel.tsx";
import { QuickStart } from "./quick-start.tsx";
import { SpendStrip } from "./spend-strip.tsx";
import { TracesBar } from "./traces-bar.tsx";
import styles from "./traces-page.module.css";
import { TracesTable } from "./traces-table.tsx";
import { useFacetsOpen } from "./use-facets-open.ts";
import { useLiveList } from "./use-live-list.ts";

/** The list of traces: one filter in the address, which the bar and the facets both edit. */
export function TracesPage(): ReactElement {
  const [state, change] = useTracesState();
  const [isStarting, setStarting] = useState(false);
  const cache = useQueryClient();
  const list = useTraces(state, "filter" in parseFilter(state.filter));
  const isEmpty = list.isSuccess && list.data.pages.every(({ traces }) => traces.length === 0);
  const any = useAnyTrace(isEmpty);
  // Once shown it stays until it is left, so that its line can be seen turning green.
  if (isEmpty && any.data === false && !isStarting) setStarting(true);
  const leaveStart = (): void => {
    setStarting(false);
    void cache.resetQueries();
  };
  if (isStarting) return <QuickStart onLeave={leaveStart} />;
  return <ListPage state={state} change={change} list={list} />;
}

interface ListProps {
  readonly state: TracesState;
  readonly change: Change<TracesState>;
  readonly list: UseInfiniteQueryResult<InfiniteData<TraceList>, Error>;
}

function ListPage({ state, change, list }: ListProps): ReactElement {
  const bar = useRef<HTMLInputElement>(null);
  const [facetsOpen, toggleFacets] = useFacetsOpen();
  const parsed = parseFilter(state.filter);
  const filter = "filter" in parsed ? parsed.filter : undefined;
  const facets = useFacets(state.filter, state.range, filter !== undefined);
  useCommand("focus-filter", () => bar.current?.focus());
  useCommand("toggle-facets", toggleFacets);
  return (
    <div className={styles.page}>
      <TracesBar state={state} change={change} facets={facets.data} facetsOpen={facetsOpen} input={bar} />
      <div className={styles.body}>
        {facetsOpen && (
          <FacetsPanel answer={facets} filter={filter} onFilter={(next) => change({ filter: printFilter(next) })} />
        )}
        <section className={styles.list} aria-label="Traces">
          <SpendStrip range={state.range} isFiltered={state.filter !== ""} onRange={(range) => change({ range })} />
          {filter === undefined ? (
            <EmptyNote title="The filter cannot be read">Correct it above: the place is marked there.</EmptyNote>
          ) : (
            <LiveList state={state} change={change} list={list} total={facets.data?.total} />
          )}
        </section>
      </div>
    </div>
  );
}

function LiveList({ state, change, list, total }: ListProps & { readonly total: number | undefined }): ReactElement {
  const [isCalm, setCalm] = useState(true);
  const cache = useQueryClient();
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.traces) ?? [], [list.data]);
  const live = useLiveList(state, loaded, isCalm, () => void cache.resetQueries({ queryKey: ["traces", state] }));
  useCommand("show-new-traces", live.release, live.pendingCount > 0);
  if (list.isPending) return <LoadingNote label="Loading traces" />;
  if (list.isError) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (live.rows.length === 0) return <NothingPasses state={state} change={change} />;
  return <TracesTable state={state} change={change} live={live} list={list} onCalm={setCalm} total={total} />;
}

function NothingPasses({ state, change }: Pick<ListProps, "state" | "change">): ReactElement {
  return (
    <EmptyNote title="No traces here">
      <p>None passes the filter in this range of time.</p>
      <p className={styles.actions}>
        {state.filter !== "" && <Button onClick={() => change({ filter: "" })}>Clear the filter</Button>}
        {state.range.type !== "all" && (
          <Button onClick={() => change({ range: { type: "all" } })}>Look at all time</Button>
        )}
      </p>
    </EmptyNote>
  );
}
