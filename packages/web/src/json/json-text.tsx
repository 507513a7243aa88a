import { type ReactElement, useState } from "react";
import { NamedMedia } from "../content/kept-media.tsx";
import { formatBytes } from "../format/count.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import styles from "./json-view.module.css";

/** Shown at first; longer texts say how long they are. */
const SHORT = 400;
/** Shown at most: a browser lays out a few times this without being noticed. */
const LONG = 20_000;

/** A text as one line that can be made longer, whatever its size. */
export function JsonText({ text }: { readonly text: string }): ReactElement {
  const [isLong, setLong] = useState(false);
  if (text.length <= SHORT)
    return (
      <span className={styles.string}>
        {JSON.stringify(text)}
        <NamedMedia text={text} />
      </span>
    );
  const shown = text.slice(0, isLong ? LONG : SHORT);
  return (
    <span className={styles.string}>
      {JSON.stringify(shown).slice(0, -1)}…
      <span className={styles.size}>
        {sizeOf(text)}
        {isLong && text.length > LONG && `, first ${formatBytes(LONG)} shown`}
        <button type="button" className={styles.more} onClick={() => setLong(!isLong)}>
          {isLong ? "less" : "more"}
        </button>
        <CopyButton className={styles.smallCopy} label="Copy this text" text={() => text} />
      </span>
    </span>
  );
}

/** Encoding 20 MB only to tell its size would take longer than drawing it; beyond this, characters count. */
const EXACT_UP_TO = 100_000;

function sizeOf(text: string): string {
  if (text.length > EXACT_UP_TO) return `about ${formatBytes(text.length)}`;
  return formatBytes(new TextEncoder().encode(text).length);
}
