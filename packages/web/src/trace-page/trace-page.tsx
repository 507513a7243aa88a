import { parseTraceId } from "@telltale/model";
import type { TraceSkeleton } from "@telltale/server/api-types";
import { type ReactElement, useEffect, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useCommand } from "../command/use-command.ts";
import { setPreferences, usePreferences } from "../data/preferences.ts";
import { useTraceState } from "../data/use-url-state.ts";
import { DetailsPanel } from "../details/details-panel.tsx";
import { formatCount, plural } from "../format/count.ts";
import { MissingTrace, NoTraceId } from "../missing/missing-trace.tsx";
import { nextFailed } from "../trace/trace-search.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { copyText } from "../ui/copy-button.tsx";
import { LoadingNote } from "../ui/note.tsx";
import { Splitter } from "../ui/splitter.tsx";
import { TraceHeader } from "./trace-header.tsx";
import { TraceToolbar } from "./trace-toolbar.tsx";
import styles from "./trace-page.module.css";
import { type Run, useRun } from "./use-run.ts";
import { useTraceModel } from "./use-trace-model.ts";
import { viewList } from "./view-list.ts";

/** The trace that the address names. */
export function TracePage(): ReactElement {
  const { traceId = "" } = useParams();
  // Asking the server for what is no id would only be told so by it.
  return parseTraceId(traceId) === undefined ? <NoTraceId text={traceId} /> : <NamedTrace traceId={traceId} />;
}

/** One trace, with those of its run: header, a view of it, and the details of the selected span beside. */
function NamedTrace({ traceId }: { readonly traceId: string }): ReactElement {
  const run = useRun(traceId);
  const { skeleton } = run;
  const name = skeleton?.summary.rootName;
  useEffect(() => {
    if (name !== undefined) document.title = `${name || traceId} · Telltale`;
    return () => {
      document.title = "Telltale";
    };
  }, [name, traceId]);
  if (skeleton === undefined && run.isPending) return <LoadingNote label="Loading the trace" />;
  if (skeleton === undefined)
    return <MissingTrace traceId={traceId} error={run.error ?? new Error("No answer")} onRetry={run.retry} />;
  return <LoadedTrace key={traceId} skeleton={skeleton} run={run} />;
}

interface LoadedTraceProps {
  readonly skeleton: TraceSkeleton;
  readonly run: Run;
}

function LoadedTrace({ skeleton, run }: LoadedTraceProps): ReactElement {
  const [words, setWords] = useState("");
  const [{ view: wanted }, change] = useTraceState();
  const model = useTraceModel(skeleton, words);
  // The best view is chosen once: a trace that is joined or grows must not be taken from under its reader.
  const [best] = useState(() => viewList.find((one) => one.isBest(model.index)) ?? viewList[0]);
  const view = viewList.find(({ name }) => name === wanted) ?? best;
  const share = usePreferences((preferences) => preferences.detailsShare);
  const hasDetails = model.selectedId !== null;
  const selectView = (name: string): void => change({ view: name });
  useTraceCommands(model, selectView);
  return (
    <div className={styles.page}>
      <TraceHeader model={model} run={run} />
      <TraceToolbar
        model={model}
        run={run}
        view={view?.name ?? ""}
        onView={selectView}
        words={words}
        onWords={setWords}
      />
      <Honesty model={model} run={run} />
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
function Honesty({ model, run }: { readonly model: TraceModel; readonly run: Run }): ReactElement | null {
  const { skeleton, index } = model;
  const { joined } = skeleton;
  const lines: string[] = [];
  if (skeleton.total > index.count)
    lines.push(`Showing the first ${formatCount(index.count)} of ${formatCount(skeleton.total)} spans.`);
  if (joined !== null && joined.leftOut > 0)
    lines.push(`${plural(joined.leftOut, "trace")} of the run could not be read.`);
  if (joined !== null && (joined.more || run.related?.more === true))
    lines.push("The run may have more traces than are joined here.");
  if (run.joinError !== null) lines.push(`The traces of the run could not be joined: ${run.joinError.message}.`);
  const orphans = skeleton.parent.filter((parent) => parent === -2).length;
  if (orphans > 0)
    lines.push(
      `${formatCount(orphans)} ${orphans === 1 ? "span's parent has" : "spans' parents have"} not arrived; they stand at the top.`,
    );
  if (model.selectedId !== null && model.selected === undefined && !run.isJoining)
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
