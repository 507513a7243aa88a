import type { ComponentProps, ReactElement } from "react";
import styles from "./button.module.css";
import { classes } from "./classes.ts";
import { Tooltip } from "./tooltip.tsx";

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: "plain" | "primary" | "quiet";
}

/** A button with words. */
export function Button({ look = "plain", className, ...rest }: ButtonProps): ReactElement {
  return <button type="button" {...rest} className={classes(styles.button, styles[look], className)} />;
}

interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does: read out, and shown as a hint. */
  readonly label: string;
  readonly keys?: readonly string[];
}

/** A button with only an icon. */
export function IconButton({ label, keys, className, ...rest }: IconButtonProps): ReactElement {
  return (
    <Tooltip text={label} {...(keys === undefined ? {} : { keys })}>
      <button type="button" aria-label={label} {...rest} className={classes(styles.button, styles.icon, className)} />
    </Tooltip>
  );
}
