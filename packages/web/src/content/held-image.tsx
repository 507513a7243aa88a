import { Image as ImageIcon } from "lucide-react";
import { type ReactElement, useState } from "react";
import { formatBytes } from "../format/count.ts";
import { KeptMedia } from "./kept-media.tsx";
import { mediaIn } from "./media-reference.ts";
import { isInlineImage, safeLink } from "./safe-link.ts";
import styles from "./held-image.module.css";

interface HeldImageProps {
  readonly address: string;
  readonly label: string;
}

/**
 * An image that is shown only on a click. Fetching one tells its server who reads this trace and when, so a
 * remote one is opened in a tab of its own; the pages themselves never fetch it.
 */
export function HeldImage({ address, label }: HeldImageProps): ReactElement {
  const [isShown, setShown] = useState(false);
  const name = label || "image";
  const [kept] = mediaIn(address);
  if (kept) return <KeptMedia media={kept} />;
  if (isInlineImage(address)) {
    if (isShown) return <img className={styles.image} src={address} alt={name} />;
    return (
      <button type="button" className={styles.held} onClick={() => setShown(true)}>
        <ImageIcon size={14} aria-hidden />
        Show {name}, {formatBytes(Math.round(address.length * 0.75))}
      </button>
    );
  }
  const link = safeLink(address);
  if (link === undefined) return <span className={styles.refused}>[{name}: address not shown]</span>;
  return (
    <a className={styles.held} href={link} target="_blank" rel="noreferrer noopener" title={link}>
      <ImageIcon size={14} aria-hidden />
      Open {name} at {new URL(link).host || "its address"}
    </a>
  );
}
