import { CircleAlert, Info, LoaderCircle } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { ApiFailure } from "../data/client.ts";
import { Button } from "./button.tsx";
import styles from "./note.module.css";

interface ErrorNoteProps {
  readonly error: Error;
  readonly onRetry?: () => void;
  /** The note is all there is on the page, so its message is the page's title. */
  readonly isPage?: boolean;
}

/** Something went wrong: what, and what to do next. */
export function ErrorNote({ error, onRetry, isPage = false }: ErrorNoteProps): ReactElement {
  const Message = isPage ? "h1" : "p";
  const hint = error instanceof ApiFailure ? error.hint : undefined;
  return (
    <div className={styles.note} role="alert">
      <CircleAlert size={18} className={styles.error} aria-hidden />
      <Message className={styles.message}>{error.message}</Message>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

interface EmptyNoteProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** There is nothing here, and why. */
export function EmptyNote({ title, children }: EmptyNoteProps): ReactElement {
  return (
    <div className={styles.note}>
      <Info size={18} className={styles.faint} aria-hidden />
      <p className={styles.message}>{title}</p>
      {children !== undefined && <div className={styles.hint}>{children}</div>}
    </div>
  );
}

/** The answer is on its way. */
export function LoadingNote({ label }: { readonly label: string }): ReactElement {
  return (
    <div className={styles.note} role="status">
      <LoaderCircle size={18} className={styles.turning} aria-hidden />
      <p className={styles.hint}>{label}</p>
    </div>
  );
}
