import { type ReactElement, type ReactNode, useState } from "react";
import { formatBytes } from "../format/count.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import styles from "./content.module.css";

/** Shown at first; few answers of models are longer. */
const SHOWN = 6000;
/** Shown at most, plain: laying out more holds the page up. */
const MOST = 200_000;

interface LongTextProps {
  readonly text: string;
  readonly children: (shown: string) => ReactNode;
}

/** Draws the beginning of a text and says how much there is. */
export function LongText({ text, children }: LongTextProps): ReactElement {
  const [isLong, setLong] = useState(false);
  if (text.length <= SHOWN) return <>{children(text)}</>;
  return (
    <div>
      {isLong ? <div className={styles.text}>{text.slice(0, MOST)}</div> : children(text.slice(0, SHOWN))}
      <p className={styles.long}>
        {isLong && text.length <= MOST
          ? formatBytes(text.length)
          : `${formatBytes(text.length)}, first ${formatBytes(isLong ? MOST : SHOWN)} shown`}
        <button type="button" onClick={() => setLong(!isLong)}>
          {isLong ? "Show less" : "Show more, as plain text"}
        </button>
        <CopyButton label="Copy the whole text" text={() => text} />
      </p>
    </div>
  );
}
