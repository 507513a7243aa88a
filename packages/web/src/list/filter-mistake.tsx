import type { FilterError } from "@telltale/model";
import type { ReactElement } from "react";
import styles from "./filter-bar.module.css";

interface FilterMistakeProps {
  readonly id: string;
  readonly text: string;
  readonly error: FilterError;
}

/** Of the text before and around the mistake, in characters. */
const BEFORE = 40;
const SHOWN = 80;

/** The text with the place of the mistake marked below it, and what to write instead. */
export function FilterMistake({ id, text, error }: FilterMistakeProps): ReactElement {
  const from = Math.max(0, error.position - BEFORE);
  return (
    <div id={id} className={styles.mistake} role="alert">
      <pre className={styles.place} aria-hidden="true">
        {`${text.slice(from, from + SHOWN)}\n${" ".repeat(error.position - from)}▲`}
      </pre>
      <p>
        <strong>
          At character {error.position + 1}: {error.message}.
        </strong>{" "}
        {error.hint.slice(0, 1).toUpperCase() + error.hint.slice(1)}
      </p>
    </div>
  );
}
