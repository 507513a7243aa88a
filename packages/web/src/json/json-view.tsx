import type { Json } from "@telltale/model";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactElement, useMemo, useRef, useState } from "react";
import { CopyButton } from "../ui/copy-button.tsx";
import { useWindow } from "../ui/use-window.ts";
import { glimpse, initiallyOpen, type JsonRow, jsonRows } from "./json-rows.ts";
import { JsonText } from "./json-text.tsx";
import styles from "./json-view.module.css";

/** Above this many rows only those on screen are drawn, and lines do not wrap. */
const WINDOW_ABOVE = 400;
const ROW_HEIGHT = 21;

interface JsonViewProps {
  readonly value: Json;
  readonly label: string;
}

/** Any JSON value as lines that open. What is closed costs nothing, and a long text is one line. */
export function JsonView({ value, label }: JsonViewProps): ReactElement {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => initiallyOpen(value));
  const rows = useMemo(() => jsonRows(value, open), [value, open]);
  const toggle = (path: string): void => {
    const next = new Set(open);
    if (!next.delete(path)) next.add(path);
    setOpen(next);
  };
  return (
    <div className={styles.view}>
      <CopyButton className={styles.copy} label="Copy as JSON" text={() => JSON.stringify(value, null, 2)} />
      {rows.length > WINDOW_ABOVE ? (
        <ManyRows rows={rows} label={label} onToggle={toggle} />
      ) : (
        <ul className={styles.rows} aria-label={label}>
          {rows.map((row) => (
            <li key={row.path}>
              <Row row={row} onToggle={toggle} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface RowsProps {
  readonly rows: readonly JsonRow[];
  readonly label: string;
  readonly onToggle: (path: string) => void;
}

function ManyRows({ rows, label, onToggle }: RowsProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const window = useWindow(box, rows.length, ROW_HEIGHT);
  return (
    <div ref={box} className={styles.box} tabIndex={0}>
      <ul className={styles.tall} aria-label={label} style={{ height: window.height }}>
        {rows.slice(window.from, window.to).map((row, index) => (
          <li
            key={row.path}
            className={styles.fixed}
            style={{ transform: `translateY(${window.top(window.from + index)}px)` }}
          >
            <Row row={row} onToggle={onToggle} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Row({ row, onToggle }: { readonly row: JsonRow; readonly onToggle: (path: string) => void }): ReactElement {
  const indent = { paddingLeft: row.depth * 15 };
  if (row.type === "value")
    return (
      <div className={styles.row} style={indent}>
        <span className={styles.blank} />
        <Name row={row} />
        <Value value={row.value ?? null} />
      </div>
    );
  const Arrow = row.isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={styles.row} style={indent}>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={row.isOpen}
        disabled={row.size === 0}
        onClick={() => onToggle(row.path)}
      >
        <span className={styles.blank}>{row.size > 0 && <Arrow size={13} aria-hidden />}</span>
        <Name row={row} />
        <span className={styles.glimpse}>{row.isOpen ? sizeWords(row) : glimpse(row)}</span>
      </button>
    </div>
  );
}

function sizeWords(row: JsonRow): string {
  if (row.type === "range") return "";
  return row.type === "array" ? `[${row.size}]` : "";
}

function Name({ row }: { readonly row: JsonRow }): ReactElement | null {
  if (row.name === undefined) return null;
  return (
    <span className={row.type === "range" ? styles.range : styles.name}>
      {row.type === "range" ? row.name : `${row.name}:`}
    </span>
  );
}

function Value({ value }: { readonly value: Json }): ReactElement {
  if (typeof value === "string") return <JsonText text={value} />;
  if (value === null) return <span className={styles.nothing}>null</span>;
  return <span className={styles[typeof value]}>{String(value)}</span>;
}
