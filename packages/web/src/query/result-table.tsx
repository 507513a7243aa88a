import { parseTraceId, type Json } from "@telltale/model";
import type { QueryAnswer } from "@telltale/server/api-types";
import { Download } from "lucide-react";
import { type ReactElement, useRef } from "react";
import { Link } from "wouter";
import { plural } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { Button } from "../ui/button.tsx";
import { EmptyNote } from "../ui/note.tsx";
import { useWindow } from "../ui/use-window.ts";
import { writeCsv } from "./csv.ts";
import styles from "./query-page.module.css";

/** Of a row and of the header, in pixels; the style sheet says the same. */
const ROW_HEIGHT = 29;
const HEADER_HEIGHT = 42;
/** A cell shows this much; the file has all of it. */
const LONGEST = 300;

/** The answer as a table. */
export function ResultTable({ answer }: { readonly answer: QueryAnswer }): ReactElement {
  return (
    <>
      <div className={styles.status} role="status">
        {plural(answer.rows.length, "row")} in {formatDuration(answer.elapsedMs)}
        {answer.truncated && <strong className={styles.cut}>Cut off at the row limit: there are more</strong>}
        <Button className={styles.download} onClick={() => download(answer)} disabled={answer.rows.length === 0}>
          <Download size={14} aria-hidden />
          CSV
        </Button>
      </div>
      {answer.rows.length === 0 ? <EmptyNote title="The answer has no rows" /> : <Rows answer={answer} />}
    </>
  );
}

function Rows({ answer }: { readonly answer: QueryAnswer }): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const window = useWindow(box, answer.rows.length, ROW_HEIGHT, HEADER_HEIGHT);
  const isNumber = answer.types.map((type) => /Int|Float|Decimal/.test(type) && !type.startsWith("Array"));
  // A table lays itself out by what is drawn; room above and below stands for the rows that are not.
  const above = window.from * ROW_HEIGHT;
  const below = Math.max(0, (answer.rows.length - window.to) * ROW_HEIGHT);
  return (
    <div ref={box} className={styles.box} tabIndex={0}>
      <table className={styles.table} aria-rowcount={answer.rows.length + 1}>
        <thead>
          <tr>
            {answer.columns.map((name, column) => (
              <th key={column} scope="col" className={isNumber[column] ? styles.number : undefined}>
                {name}
                <span className={styles.columnType}>{shortType(answer.types[column] ?? "")}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
          {answer.rows.slice(window.from, window.to).map((row, index) => (
            <tr key={window.from + index} aria-rowindex={window.from + index + 2}>
              {row.map((value, column) => (
                <td key={column} className={isNumber[column] ? styles.number : undefined}>
                  <Cell value={value} name={answer.columns[column] ?? ""} row={row} columns={answer.columns} />
                </td>
              ))}
            </tr>
          ))}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  readonly value: Json;
  readonly name: string;
  readonly row: readonly Json[];
  readonly columns: readonly string[];
}

function Cell({ value, name, row, columns }: CellProps): ReactElement {
  if (value === null) return <span className={styles.nothing}>NULL</span>;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (name === "trace_id" && parseTraceId(text) !== undefined) {
    const span = row[columns.indexOf("span_id")];
    return <Link href={`/trace/${text}${typeof span === "string" ? `?span=${span}` : ""}`}>{text}</Link>;
  }
  return (
    <span className={styles.value} title={text.length > 60 ? text.slice(0, LONGEST) : undefined}>
      {text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}
    </span>
  );
}

function shortType(type: string): string {
  return type.replace(/^(Nullable|LowCardinality)\((.*)\)$/, "$2").replace(/^(Nullable|LowCardinality)\((.*)\)$/, "$2");
}

function download(answer: QueryAnswer): void {
  const address = URL.createObjectURL(
    new Blob([writeCsv(answer.columns, answer.rows)], { type: "text/csv;charset=utf-8" }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = "telltale-query.csv";
  link.click();
  URL.revokeObjectURL(address);
}
