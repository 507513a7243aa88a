import type { Json } from "@telltale/model";
import { Filter, Search } from "lucide-react";
import { type ReactElement, useState } from "react";
import { Link } from "wouter";
import { AnyValue } from "../content/message-card.tsx";
import styles from "../details/attributes.module.css";
import { attributeFilter, attributeRows, type AttributeRow } from "../details/attribute-rows.ts";
import { Section } from "../details/section.tsx";
import { formatCount } from "../format/count.ts";
import { JsonText } from "../json/json-text.tsx";
import type { Tab, TabProps } from "../tab.ts";

/** Everything as it was sent, also what no dialect understood. */
export const attributes: Tab = {
  name: "attributes",
  label: "Attributes",
  rank: 50,
  fits: () => true,
  count: (detail) => Object.keys(detail.attributes).length,
  Component: AttributesTab,
};

/** Drawn at most; the search finds the others. */
const MOST = 300;

function AttributesTab({ detail }: TabProps): ReactElement {
  const [words, setWords] = useState("");
  const own = attributeRows(detail.attributes, words);
  const resource = attributeRows(detail.resource, words);
  const scope = [detail.scopeName, detail.scopeVersion].filter(Boolean).join(" ");
  return (
    <>
      <search className={styles.search}>
        <Search size={14} aria-hidden />
        <input
          value={words}
          placeholder="Find a key or a value"
          aria-label="Find an attribute"
          onChange={(event) => setWords(event.target.value)}
        />
      </search>
      <Section title="Span">
        <Rows rows={own} prefix="attribute" isSearch={words !== ""} />
      </Section>
      <Section title="Resource">
        <Rows rows={resource} prefix="resource" isSearch={words !== ""} />
      </Section>
      <p className={styles.origin}>
        {scope !== "" && `Written by ${scope}. `}
        {detail.dialect !== "" && `Read as ${detail.dialect}. `}
        Span {detail.spanId}
        {detail.parentSpanId !== null && `, parent ${detail.parentSpanId}`}
      </p>
    </>
  );
}

interface RowsProps {
  readonly rows: readonly AttributeRow[];
  readonly prefix: "attribute" | "resource";
  readonly isSearch: boolean;
}

function Rows({ rows, prefix, isSearch }: RowsProps): ReactElement {
  if (rows.length === 0) return <p className={styles.none}>{isSearch ? "None with these words" : "None"}</p>;
  return (
    <>
      <dl className={styles.rows}>
        {rows.slice(0, MOST).map((row) => (
          <div key={row.key} className={styles.row}>
            <dt className={styles.key}>{row.key}</dt>
            <dd className={styles.value}>
              <Value value={row.value} name={row.key} />
            </dd>
            <dd className={styles.type}>{row.type}</dd>
            <dd className={styles.action}>
              {row.isPlain && (
                <Link
                  href={`/?filter=${encodeURIComponent(attributeFilter(prefix, row))}`}
                  className={styles.filter}
                  aria-label={`Traces with the same ${row.key}`}
                  title="Traces with the same value"
                >
                  <Filter size={13} aria-hidden />
                </Link>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {rows.length > MOST && (
        <p className={styles.none}>
          The first {MOST} of {formatCount(rows.length)}; search for the others
        </p>
      )}
    </>
  );
}

function Value({ value, name }: { readonly value: Json; readonly name: string }): ReactElement {
  if (typeof value === "object" && value !== null) return <AnyValue value={value} label={name} />;
  if (typeof value === "string")
    return /^\s*[{[]/.test(value) ? <AnyValue value={value} label={name} /> : <JsonText text={value} />;
  return <>{String(value)}</>;
}
