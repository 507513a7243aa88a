import { File as FileIcon, Image as ImageIcon, Volume2 } from "lucide-react";
import { type ReactElement, useState } from "react";
import styles from "./held-image.module.css";
import { isPlayedSound, isShownImage, mediaAddress, mediaIn, type MediaReference } from "./media-reference.ts";

interface MediaProps {
  readonly media: MediaReference;
}

/** A file that the server keeps: an image is shown and a sound played on a click, anything else is saved. */
export function KeptMedia({ media }: MediaProps): ReactElement {
  const [state, setState] = useState<"held" | "shown" | "missing">("held");
  const address = mediaAddress(media);
  if (state === "missing")
    return <span className={styles.refused}>[{media.type}: the file is not kept here, or is not what it says]</span>;
  const isSound = isPlayedSound(media);
  const missing = (): void => setState("missing");
  if (state === "shown" && isSound)
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- nobody tells captions with a sound
    return <audio className={styles.sound} controls src={address} aria-label={media.type} onError={missing} />;
  if (state === "shown") return <img className={styles.image} src={address} alt={media.type} onError={missing} />;
  if (isSound || isShownImage(media))
    return (
      <button type="button" className={styles.held} onClick={() => setState("shown")}>
        {isSound ? <Volume2 size={14} aria-hidden /> : <ImageIcon size={14} aria-hidden />}
        {isSound ? "Play" : "Show"} {media.type}
      </button>
    );
  return (
    <a className={styles.held} href={address} download>
      <FileIcon size={14} aria-hidden />
      Save {media.type}
    </a>
  );
}

/** The files that a text names, one after another; nothing where it names none. */
export function NamedMedia({ text }: { readonly text: string }): ReactElement | null {
  const media = mediaIn(text);
  if (media.length === 0) return null;
  return (
    <>
      {media.map((each) => (
        <KeptMedia key={each.id} media={each} />
      ))}
    </>
  );
}
