import { PanelLeft } from "lucide-react";
import type { Facets } from "@telltale/server/api-types";
import type { ReactElement, RefObject } from "react";
import { runCommand } from "../command/use-command.ts";
import type { TracesState } from "../data/url-state.ts";
import type { Change } from "../data/use-url-state.ts";
import { IconButton } from "../ui/button.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { TimeRangeMenu } from "./time-range-menu.tsx";
import styles from "./traces-bar.module.css";

interface TracesBarProps {
  readonly state: TracesState;
  readonly change: Change<TracesState>;
  readonly facets: Facets | undefined;
  readonly facetsOpen: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** The line on top of the list: title, filter, time. */
export function TracesBar({ state, change, facets, facetsOpen, input }: TracesBarProps): ReactElement {
  return (
    <header className={styles.bar}>
      <h1 className={styles.title}>Traces</h1>
      <IconButton
        label={facetsOpen ? "Hide the facets" : "Show the facets"}
        keys={["f"]}
        aria-pressed={facetsOpen}
        onClick={() => runCommand("toggle-facets")}
      >
        <PanelLeft size={16} aria-hidden />
      </IconButton>
      <FilterBar filter={state.filter} onFilter={(filter) => change({ filter })} facets={facets} input={input} />
      <TimeRangeMenu range={state.range} onRange={(range) => change({ range })} />
    </header>
  );
}
