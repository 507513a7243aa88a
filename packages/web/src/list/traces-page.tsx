import { parseFilter, printFilter } from "@telltale/model";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useMemo, useRef, useState } from "react";
import { useCommand } from "../command/use-command.ts";
import { useAnyTrace, useFacets, useTraces } from "../data/answers.ts";
import { setPreferences, usePreferences } from "../data/preferences.ts";
import { useTracesState } from "../data/use-url-state.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../ui/note.tsx";
import { Button } from "../ui/button.tsx";
import { FacetsPanel } from "./facets-panel.tsx";
import { QuickStart } from "./quick-start.tsx";
import { SpendStrip } from "./spend-strip.tsx";
import { TracesBar } from "./traces-bar.tsx";
import styles from "./traces-page.module.css";
import { TracesTable } from "./traces-table.tsx";
import { useLiveList } from "./use-live-list.ts";

/** The list of traces: one filter in the address, which the bar and the facets both edit. */
export function TracesPage(): ReactElement {
  const [state, change] = useTracesState();
  const [isCalm, setCalm] = useState(true);
  const [isStarting, setStarting] = useState(false);
  const facetsOpen = usePreferences((preferences) => preferences.facetsOpen);
  const bar = useRef<HTMLInputElement>(null);
  const cache = useQueryClient();
  const list = useTraces(state);
  const facets = useFacets(state.filter, state.range);
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.traces) ?? [], [list.data]);
  const live = useLiveList(state, loaded, isCalm, () => void cache.resetQueries({ queryKey: ["traces", state] }));
  const isEmpty = list.isSuccess && live.rows.length === 0;
  const any = useAnyTrace(isEmpty);
  useCommand("focus-filter", () => bar.current?.focus());
  useCommand("toggle-facets", () => setPreferences({ facetsOpen: !facetsOpen }));
  useCommand("show-new-traces", live.release, live.pendingCount > 0);
  const setFilter = (filter: string): void => change({ filter });
  const parsed = parseFilter(state.filter);

  // Once shown it stays until it is left, so that its line can be seen turning green.
  if (isEmpty && any.data === false && !isStarting) setStarting(true);
  const leaveStart = (): void => {
    setStarting(false);
    void cache.resetQueries();
  };
  if (isStarting) return <QuickStart onLeave={leaveStart} />;
  return (
    <div className={styles.page}>
      <TracesBar state={state} change={change} facets={facets.data} input={bar} />
      <div className={styles.body}>
        {facetsOpen && (
          <FacetsPanel
            answer={facets}
            filter={"filter" in parsed ? parsed.filter : undefined}
            onFilter={(filter) => setFilter(printFilter(filter))}
          />
        )}
        <section className={styles.list} aria-label="Traces">
          <SpendStrip range={state.range} isFiltered={state.filter !== ""} onRange={(range) => change({ range })} />
          {list.isPending && <LoadingNote label="Loading traces" />}
          {list.isError && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
          {isEmpty && any.data === true && (
            <EmptyNote title="No traces here">
              <p>None passes the filter in this range of time.</p>
              <p className={styles.actions}>
                {state.filter !== "" && <Button onClick={() => setFilter("")}>Clear the filter</Button>}
                {state.range.type !== "all" && (
                  <Button onClick={() => change({ range: { type: "all" } })}>Look at all time</Button>
                )}
              </p>
            </EmptyNote>
          )}
          {list.data !== undefined && !list.isError && live.rows.length > 0 && (
            <TracesTable
              state={state}
              change={change}
              live={live}
              list={list}
              onCalm={setCalm}
              total={facets.data?.total}
            />
          )}
        </section>
      </div>
    </div>
  );
}
