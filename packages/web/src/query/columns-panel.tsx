import type { ReactElement } from "react";
import styles from "./query-page.module.css";
import { VIEWS } from "./view-columns.ts";

/** What can be asked for. A click writes the name. */
export function ColumnsPanel({ onInsert }: { readonly onInsert: (text: string) => void }): ReactElement {
  return (
    <aside className={styles.columns} aria-label="Views and their columns" tabIndex={0}>
      {VIEWS.map((view) => (
        <section key={view.name}>
          <h2 className={styles.view}>
            <button type="button" onClick={() => onInsert(view.name)}>
              {view.name}
            </button>
          </h2>
          <p className={styles.help}>{view.help}</p>
          <ul>
            {view.columns.map((column) => (
              <li key={column.name}>
                <button
                  type="button"
                  className={styles.column}
                  title={`Write ${column.name}`}
                  onClick={() => onInsert(column.name)}
                >
                  <code className={styles.name}>{column.name}</code>
                  <span className={styles.type}>{column.type}</span>
                  <span className={styles.columnHelp}>{column.help}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </aside>
  );
}
