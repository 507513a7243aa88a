import type { ReactElement, ReactNode } from "react";
import { classes } from "../ui/classes.ts";
import styles from "./trace-header.module.css";

interface FigureProps {
  readonly label: string;
  readonly title?: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A number or a name at the head of a trace, with what it is above it. */
export function Figure({ label, title, className, children }: FigureProps): ReactElement {
  return (
    <div className={classes(styles.figure, className)} title={title}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{children}</dd>
    </div>
  );
}
