import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { classes } from "./classes.ts";
import styles from "./dialog.module.css";

interface DialogProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** The browser's own dialog: it holds the focus, closes on Escape and on a click beside it. */
export function Dialog({ label, onClose, children, className }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={classes(styles.dialog, className)}
      aria-label={label}
      onClose={onClose}
      // A hint that is open on a button inside would take the Escape for itself.
      onKeyDownCapture={(event) => {
        if (event.key === "Escape") onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles.inside}>{children}</div>
    </dialog>
  );
}
