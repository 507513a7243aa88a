import { CalendarClock, ChevronDown } from "lucide-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { type LastName, type TimeRange } from "../data/url-state.ts";
import { formatClock, formatDate } from "../format/time.ts";
import { Button } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { Popover } from "../ui/popover.tsx";
import styles from "./time-range-menu.module.css";

const PRESETS: readonly { readonly name: LastName; readonly label: string }[] = [
  { name: "15m", label: "Last 15 minutes" },
  { name: "1h", label: "Last hour" },
  { name: "24h", label: "Last 24 hours" },
  { name: "7d", label: "Last 7 days" },
  { name: "30d", label: "Last 30 days" },
];

/** A range in words. */
export function rangeLabel(range: TimeRange): string {
  if (range.type === "all") return "All time";
  if (range.type === "last") return PRESETS.find(({ name }) => name === range.name)?.label ?? range.name;
  const sameDay = formatDate(range.from) === formatDate(range.to);
  const end = formatClock(range.to).slice(0, 5);
  return `${formatDate(range.from)} ${formatClock(range.from).slice(0, 5)} – ${sameDay ? end : `${formatDate(range.to)} ${end}`}`;
}

interface TimeRangeMenuProps {
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
}

/** Chooses when: one of the usual ranges, or two ends. */
export function TimeRangeMenu({ range, onRange }: TimeRangeMenuProps): ReactElement {
  const trigger = (
    <Button className={styles.trigger}>
      <CalendarClock size={15} aria-hidden />
      {rangeLabel(range)}
      <ChevronDown size={14} aria-hidden />
    </Button>
  );
  const preset = (choice: TimeRange, label: string, isChosen: boolean): ReactElement => (
    <button
      key={label}
      type="button"
      className={classes(styles.preset, isChosen && styles.chosen)}
      aria-pressed={isChosen}
      onClick={() => onRange(choice)}
    >
      {label}
    </button>
  );
  return (
    <Popover trigger={trigger} label="Range of time" align="end">
      <div className={styles.panel}>
        <div className={styles.presets}>
          {PRESETS.map(({ name, label }) =>
            preset({ type: "last", name }, label, range.type === "last" && range.name === name),
          )}
          {preset({ type: "all" }, "All time", range.type === "all")}
        </div>
        <CustomRange range={range} onRange={onRange} />
      </div>
    </Popover>
  );
}

function CustomRange({ range, onRange }: TimeRangeMenuProps): ReactElement {
  const [mistake, setMistake] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const from = Date.parse(String(data.get("from")));
    const to = Date.parse(String(data.get("to")));
    if (from < to) onRange({ type: "between", from, to });
    else
      setMistake(Number.isNaN(from) || Number.isNaN(to) ? "Give both ends." : "The range must begin before it ends.");
  };
  const ends = range.type === "between" ? range : { from: undefined, to: undefined };
  return (
    <form className={styles.custom} onSubmit={submit}>
      <label className={styles.field}>
        From
        <input type="datetime-local" name="from" defaultValue={localInput(ends.from)} />
      </label>
      <label className={styles.field}>
        To
        <input type="datetime-local" name="to" defaultValue={localInput(ends.to)} />
      </label>
      {mistake !== undefined && (
        <p className={styles.mistake} role="alert">
          {mistake}
        </p>
      )}
      <Button type="submit">Show this range</Button>
    </form>
  );
}

function localInput(time: number | undefined): string {
  return time === undefined ? "" : `${formatDate(time)}T${formatClock(time).slice(0, 5)}`;
}
