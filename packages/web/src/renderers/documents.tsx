import type { RetrievedDocument } from "@telltale/model";
import { FileText } from "lucide-react";
import type { ReactElement } from "react";
import styles from "../content/content.module.css";
import { LongText } from "../content/long-text.tsx";
import { JsonView } from "../json/json-view.tsx";
import type { Renderer, RendererProps } from "../renderer.ts";

/** What a retrieval found, best first as it was sent. */
export const documents: Renderer = {
  name: "documents",
  rank: 20,
  fits: (content) => content.type === "documents",
  Component: Documents,
};

function Documents({ content, label }: RendererProps): ReactElement | null {
  if (content.type !== "documents") return null;
  if (content.documents.length === 0) return <p className={styles.nothing}>No documents</p>;
  const best = Math.max(...content.documents.map((document) => document.score ?? 0));
  return (
    <ol className={styles.documents} aria-label={label}>
      {content.documents.map((document, index) => (
        <Document key={index} document={document} best={best} place={index + 1} />
      ))}
    </ol>
  );
}

interface DocumentProps {
  readonly document: RetrievedDocument;
  readonly best: number;
  readonly place: number;
}

function Document({ document, best, place }: DocumentProps): ReactElement {
  const share = document.score !== undefined && best > 0 ? Math.max(0, document.score / best) : undefined;
  return (
    <li className={styles.document}>
      <div className={styles.documentHead}>
        <FileText size={14} aria-hidden />
        <span className={styles.documentId}>{document.id ?? `Document ${place}`}</span>
        {document.score !== undefined && (
          <span className={styles.score}>
            {share !== undefined && (
              <span className={styles.meter} aria-hidden="true">
                <span style={{ width: `${share * 100}%` }} />
              </span>
            )}
            {Number(document.score.toFixed(4))}
          </span>
        )}
      </div>
      {document.content === undefined ? (
        <p className={styles.nothing}>Its content was not told</p>
      ) : (
        <LongText text={document.content}>{(shown) => <div className={styles.text}>{shown}</div>}</LongText>
      )}
      {document.metadata !== undefined && <JsonView value={document.metadata} label="Metadata" />}
    </li>
  );
}
