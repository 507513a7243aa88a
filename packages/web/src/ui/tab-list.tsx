import { Tabs } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { classes } from "./classes.ts";
import styles from "./tab-list.module.css";

/** One tab: its name, what stands on it, and a small number beside. */
export interface TabEntry {
  readonly name: string;
  readonly label: string;
  readonly count?: number | undefined;
}

interface TabListProps {
  readonly label: string;
  readonly tabs: readonly TabEntry[];
  readonly selected: string;
  readonly onSelect: (name: string) => void;
  /** Draws the selected tab. */
  readonly children: ReactNode;
  readonly look?: "line" | "pill";
}

/** Tabs over a panel: arrow keys move between them. */
export function TabList({ label, tabs, selected, onSelect, children, look = "line" }: TabListProps): ReactElement {
  return (
    <Tabs.Root className={styles.root} value={selected} onValueChange={onSelect}>
      <Tabs.List className={classes(styles.list, styles[look])} aria-label={label}>
        {tabs.map((tab) => (
          <Tabs.Trigger key={tab.name} className={styles.tab} value={tab.name}>
            {tab.label}
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content key={selected} className={styles.panel} value={selected}>
        {children}
      </Tabs.Content>
    </Tabs.Root>
  );
}
