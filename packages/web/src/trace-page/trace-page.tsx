import type { TraceSkeleton } from "@telltale/server/api-types";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useCommand } from "../command/use-command.ts";
import { useTrace } from "../data/answers.ts";
import { copyText } from "../ui/copy-button.tsx";
import { listenLive } from "../data/live.ts";
import { setPreferences, usePreferences } from "../data/preferences.ts";
import { useTraceState } from "../data/use-url-state.ts";
import { DetailsPanel } from "../details/details-panel.tsx";
import { formatCount } from "../format/count.ts";
import { nextFailed } from "../trace/trace-search.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { ErrorNote, LoadingNote } from "../ui/note.tsx";
import { Splitter } from "../ui/splitter.tsx";
import { TraceHeader } from "./trace-header.tsx";
import { TraceToolbar } from "./trace-toolbar.tsx";
import styles from "./trace-page.module.css";
import { useTraceModel } from "./use-trace-model.ts";
import { viewList } from "./view-list.ts";

/** One trace: header, a view of it, and the details of the selected span beside. */
export function TracePage(): ReactElement {
  const { traceId = "" } = useParams();
  const trace = useTrace(traceId);
  useRefresh(traceId);
  useEffect(() => {
    if (trace.data) document.title = `${trace.data.summary.rootName || traceId} · Telltale`;
    return () => {
      document.title = "Telltale";
    };
  }, [trace.data, traceId]);
  if (trace.data === undefined && trace.isPending) return <LoadingNote label="Loading the trace" />;
  if (trace.data === undefined)
    return <ErrorNote isPage error={trace.error ?? new Error("No answer")} onRetry={() => void trace.refetch()} />;
  return <LoadedTrace key={traceId} skeleton={trace.data} />;
}

/** A running trace is read again when it grew, at most this often. */
const REFRESH_MS = 1500;

function useRefresh(traceId: string): void {
  const cache = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = listenLive((trace) => {
      if (trace.traceId !== traceId) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void cache.invalidateQueries({ queryKey: ["trace", traceId] });
      }, REFRESH_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [cache, traceId]);
}

function LoadedTrace({ skeleton }: { readonly skeleton: TraceSkeleton }): ReactElement {
  const [words, setWords] = useState("");
  const [{ view: wanted }, change] = useTraceState();
  const model = useTraceModel(skeleton, words);
  const view =
    viewList.find(({ name }) => name === wanted) ?? viewList.find((one) => one.isBest(model.index)) ?? viewList[0];
  const share = usePreferences((preferences) => preferences.detailsShare);
  const hasDetails = model.selectedId !== null;
  const selectView = (name: string): void => change({ view: name });
  useTraceCommands(model, selectView);
  return (
    <div className={styles.page}>
      <TraceHeader model={model} />
      <TraceToolbar model={model} view={view?.name ?? ""} onView={selectView} words={words} onWords={setWords} />
      <Honesty model={model} />
      <div className={styles.panes}>
        <div className={styles.view} data-with-details={hasDetails}>
          {view !== undefined && <view.Component model={model} />}
        </div>
        {hasDetails && (
          <>
            <Splitter
              label="Width of the details"
              share={share}
              onChange={(detailsShare) => setPreferences({ detailsShare })}
            />
            <div className={styles.details} style={{ flexBasis: `${share * 100}%` }}>
              <DetailsPanel model={model} />
            </div>
          </>
        )}
      </div>
    </div>
  );
}

/** What is not whole is said in one line. */
function Honesty({ model }: { readonly model: TraceModel }): ReactElement | null {
  const { skeleton, index } = model;
  const lines: string[] = [];
  if (skeleton.total > index.count)
    lines.push(`Showing the first ${formatCount(index.count)} of ${formatCount(skeleton.total)} spans.`);
  const orphans = skeleton.parent.filter((parent) => parent === -2).length;
  if (orphans > 0)
    lines.push(
      `${formatCount(orphans)} ${orphans === 1 ? "span's parent has" : "spans' parents have"} not arrived; they stand at the top.`,
    );
  if (model.selectedId !== null && model.selected === undefined)
    lines.push("The linked span is not among the spans shown; its details are loaded by themselves.");
  if (lines.length === 0) return null;
  return (
    <p className={styles.honesty} role="status">
      {lines.join(" ")}
    </p>
  );
}

function useTraceCommands(model: TraceModel, selectView: (name: string) => void): void {
  const [, navigate] = useLocation();
  const nameOf = (place: number): string => viewList[place]?.name ?? "";
  useCommand("show-view-1", () => selectView(nameOf(0)), viewList.length > 0);
  useCommand("show-view-2", () => selectView(nameOf(1)), viewList.length > 1);
  useCommand("show-view-3", () => selectView(nameOf(2)), viewList.length > 2);
  useCommand("next-error", () => {
    const next = nextFailed(model.index, model.selected);
    if (next !== undefined) model.select(next);
  });
  useCommand("copy-link", () => void copyText(window.location.href));
  useCommand("toggle-details", () => {
    if (model.selectedId !== null) model.clearSelection();
    else model.select(model.index.order[0] ?? 0);
  });
  useCommand("back-to-traces", () => {
    if (model.selectedId !== null) model.clearSelection();
    else navigate("/");
  });
}
