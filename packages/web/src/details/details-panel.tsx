import type { SpanDetail } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { useSpan } from "../data/answers.ts";
import { useTraceState } from "../data/use-url-state.ts";
import { placeOfKey, type SpanPlace } from "../trace/joined-spans.ts";
import { spanFacts } from "../trace/span-facts.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { ErrorNote, LoadingNote } from "../ui/note.tsx";
import { TabList } from "../ui/tab-list.tsx";
import styles from "./details-panel.module.css";
import { SpanHead } from "./span-head.tsx";
import { tabList } from "./tab-list.ts";

/** Everything about the selected span. Its head is drawn at once from the skeleton, the content when it arrives. */
export function DetailsPanel({ model }: { readonly model: TraceModel }): ReactElement {
  const span = useSpan(model.traceId, model.selectedId);
  const detail = span.data;
  const facts = model.selected === undefined ? undefined : spanFacts(model.skeleton, model.selected);
  return (
    <aside className={styles.panel} aria-label="Details of the span">
      <SpanHead
        facts={facts}
        detail={detail}
        origin={model.skeleton.origin}
        elsewhere={elsewhereOf(model)}
        onClose={model.clearSelection}
      />
      {detail !== undefined && <DetailTabs key={detail.spanId} detail={detail} model={model} />}
      {span.isPending && <LoadingNote label="Loading the span" />}
      {span.isError && <ErrorNote error={span.error} onRetry={() => void span.refetch()} />}
    </aside>
  );
}

/** The trace that the selected span is of, where that is not the one of the page. */
function elsewhereOf({ selectedId, traceId }: TraceModel): SpanPlace | undefined {
  const place = selectedId === null ? undefined : placeOfKey(selectedId, traceId);
  return place?.traceId === traceId ? undefined : place;
}

function DetailTabs({ detail, model }: { readonly detail: SpanDetail; readonly model: TraceModel }): ReactElement {
  const [{ tab }, change] = useTraceState();
  const fitting = tabList.filter((one) => one.fits(detail));
  const shown = fitting.find(({ name }) => name === tab) ?? fitting[0];
  const entries = fitting.map((one) => ({ name: one.name, label: one.label, count: one.count?.(detail) }));
  return (
    <TabList
      label="Details"
      tabs={entries}
      selected={shown?.name ?? ""}
      onSelect={(name) => change({ tab: name }, { replace: true })}
    >
      <div className={styles.content}>{shown && <shown.Component detail={detail} model={model} />}</div>
    </TabList>
  );
}
