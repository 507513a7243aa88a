import type { ReactElement, ReactNode } from "react";
import styles from "./badge.module.css";
import { classes } from "./classes.ts";

interface BadgeProps {
  readonly tone?: "neutral" | "error" | "warning" | "success" | "accent";
  readonly children: ReactNode;
  readonly title?: string | undefined;
}

/** A word or two that mark something. */
export function Badge({ tone = "neutral", children, title }: BadgeProps): ReactElement {
  return (
    <span className={classes(styles.badge, styles[tone])} title={title}>
      {children}
    </span>
  );
}
