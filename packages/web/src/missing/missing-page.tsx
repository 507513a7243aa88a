import { ChevronRight } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Link } from "wouter";
import styles from "./missing-page.module.css";

interface MissingPageProps {
  readonly title: string;
  /** Whether it would be a page below the list of traces. */
  readonly isTrace?: boolean;
  /** What is wrong, what it may come from, and what to do. */
  readonly children: ReactNode;
}

/** In place of a page that cannot be shown, in the frame that all pages have. */
export function MissingPage({ title, isTrace = false, children }: MissingPageProps): ReactElement {
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        {isTrace && (
          <>
            <Link href="/" className={styles.crumb}>
              Traces
            </Link>
            <ChevronRight size={14} className={styles.crumb} aria-hidden />
          </>
        )}
        <h1 className={styles.title}>{title}</h1>
      </header>
      <div className={styles.body}>
        <div className={styles.text}>{children}</div>
      </div>
    </div>
  );
}
