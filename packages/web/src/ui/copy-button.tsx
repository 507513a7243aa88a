import { Check, Copy } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import { IconButton } from "./button.tsx";
import styles from "./copy-button.module.css";

interface CopyButtonProps {
  /** Made only when it is asked for: it may be large. */
  readonly text: () => string;
  readonly label: string;
  readonly className?: string | undefined;
}

/** How long the tick stays. */
const SHOWN_MS = 1500;

/** Copies a text, and says so. */
export function CopyButton({ text, label, className }: CopyButtonProps): ReactElement {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return undefined;
    const timer = setTimeout(() => setState("idle"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const shown = { idle: label, copied: "Copied", refused: "The browser refused to copy" }[state];
  return (
    <IconButton
      className={className}
      label={shown}
      onClick={() => {
        void copyText(text()).then((done) => setState(done ? "copied" : "refused"));
      }}
    >
      {state === "copied" ? <Check size={14} className={styles.done} aria-hidden /> : <Copy size={14} aria-hidden />}
    </IconButton>
  );
}

/** Puts a text on the clipboard; false where the browser forbids it, as on plain http off this machine. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
