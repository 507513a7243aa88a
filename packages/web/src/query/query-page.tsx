import { useMutation } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { type ReactElement, useRef, useState } from "react";
import { useCommand } from "../command/use-command.ts";
import { postQuery } from "../data/client.ts";
import { Button } from "../ui/button.tsx";
import { KeyCaps } from "../ui/key-caps.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { EmptyNote, ErrorNote, LoadingNote } from "../ui/note.tsx";
import { ColumnsPanel } from "./columns-panel.tsx";
import styles from "./query-page.module.css";
import { ResultTable } from "./result-table.tsx";
import { EXAMPLES } from "./view-columns.ts";

/** Questions in SQL, over the documented views. */
export function QueryPage(): ReactElement {
  const [sql, setSql] = useState(EXAMPLES[0]?.sql ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const answer = useMutation({ mutationFn: (text: string) => postQuery(text) });
  const run = (): void => {
    if (sql.trim() !== "" && !answer.isPending) answer.mutate(sql);
  };
  useCommand("run-query", run);
  const insert = (text: string): void => {
    const area = field.current;
    if (area === null) return;
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    setSql(area.value);
  };
  return (
    <div className={styles.page}>
      <QueryBar onExample={setSql} onRun={run} isDisabled={answer.isPending || sql.trim() === ""} />
      <div className={styles.body}>
        <section className={styles.main} aria-label="Question and answer">
          <textarea
            ref={field}
            className={styles.editor}
            value={sql}
            aria-label="SQL"
            spellCheck={false}
            rows={Math.min(14, Math.max(7, sql.split("\n").length + 1))}
            onChange={(event) => setSql(event.target.value)}
          />
          {answer.isPending && <LoadingNote label="Asking" />}
          {answer.isError && <ErrorNote error={answer.error} />}
          {answer.isIdle && (
            <EmptyNote title="No question asked yet">Write SQL above, or take an example, and run it.</EmptyNote>
          )}
          {answer.isSuccess && <ResultTable answer={answer.data} />}
        </section>
        <ColumnsPanel onInsert={insert} />
      </div>
    </div>
  );
}

interface QueryBarProps {
  readonly onExample: (sql: string) => void;
  readonly onRun: () => void;
  readonly isDisabled: boolean;
}

function QueryBar({ onExample, onRun, isDisabled }: QueryBarProps): ReactElement {
  return (
    <header className={styles.bar}>
      <h1 className={styles.title}>Query</h1>
      <span className={styles.remark}>Read-only SQL over your traces and spans</span>
      <Menu trigger={<Button>Examples</Button>} align="end">
        {EXAMPLES.map((example) => (
          <MenuItem key={example.label} onSelect={() => onExample(example.sql)}>
            {example.label}
          </MenuItem>
        ))}
      </Menu>
      <Button look="primary" onClick={onRun} disabled={isDisabled}>
        <Play size={14} aria-hidden />
        Run
        <KeyCaps keyName="mod+Enter" />
      </Button>
    </header>
  );
}
