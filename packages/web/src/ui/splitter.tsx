import { type KeyboardEvent, type PointerEvent, type ReactElement, useRef } from "react";
import styles from "./splitter.module.css";

interface SplitterProps {
  readonly label: string;
  /** Share of the width, 0 to 1, that lies behind the splitter. */
  readonly share: number;
  readonly onChange: (share: number) => void;
}

const LEAST = 0.24;
const MOST = 0.72;
const STEP = 0.02;

/** The line between two panes: drag it, or move it with the arrow keys. */
export function Splitter({ label, share, onChange }: SplitterProps): ReactElement {
  const line = useRef<HTMLDivElement>(null);
  const set = (value: number): void => onChange(Math.min(MOST, Math.max(LEAST, value)));
  const onMove = (event: PointerEvent): void => {
    const box = line.current?.parentElement?.getBoundingClientRect();
    if (box && line.current?.hasPointerCapture(event.pointerId)) set((box.right - event.clientX) / box.width);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowLeft") set(share + STEP);
    else if (event.key === "ArrowRight") set(share - STEP);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={line}
      className={styles.splitter}
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={LEAST * 100}
      aria-valuemax={MOST * 100}
      tabIndex={0}
      onPointerDown={(event) => line.current?.setPointerCapture(event.pointerId)}
      onPointerMove={onMove}
      onKeyDown={onKey}
    />
  );
}
