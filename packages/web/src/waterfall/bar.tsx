import type { ReactElement } from "react";
import { classes } from "../ui/classes.ts";
import styles from "./waterfall.module.css";

interface BarProps {
  /** Milliseconds from the start of the trace. */
  readonly start: number;
  readonly duration: number | null;
  readonly length: number;
  readonly colour: string;
}

/** When and how long, on the line of time. What still runs reaches to the end, striped. */
export function Bar({ start, duration, length, colour }: BarProps): ReactElement {
  const whole = Math.max(length, 0.001);
  const left = Math.min(99.6, Math.max(0, (start / whole) * 100));
  const width = duration === null ? 100 - left : Math.min(100 - left, (duration / whole) * 100);
  return (
    <span
      className={classes(styles.bar, styles[`bar-${colour}`], duration === null && styles.running)}
      style={{ left: `${left}%`, width: `${width}%` }}
    />
  );
}
