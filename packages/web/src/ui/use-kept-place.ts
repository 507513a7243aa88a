import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

/** Rows of one height, by a name that stays theirs when the rows become others. */
export interface NamedRows {
  /** What the rows are made of: when it is another, what is in sight is kept. */
  readonly version: object;
  /** Of a row and of the sticky header above the rows, in pixels. */
  readonly rowHeight: number;
  readonly header: number;
  readonly count: number;
  /** `undefined` for a row that has none. */
  nameAt(row: number): string | undefined;
  /** -1 where there is none. */
  rowOf(name: string): number;
  /** What somebody looks at first, when it is in sight. */
  readonly selected: string | null;
}

/**
 * Keeps the selected row, or else the first in sight, where it stands on the screen when other rows come above it. A list that
 * nobody has scrolled or selected in begins at its beginning.
 */
export function useKeptPlace(element: RefObject<HTMLElement | null>, rows: NamedRows): void {
  const before = useRef(rows);
  const scroll = useRef(0);
  useEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const read = (): void => {
      scroll.current = box.scrollTop;
    };
    read();
    box.addEventListener("scroll", read, { passive: true });
    return () => box.removeEventListener("scroll", read);
  }, [element]);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = rows;
    const box = element.current;
    if (box === null || old.version === rows.version) return;
    const kept = rowToKeep(old, scroll.current, box.clientHeight);
    const now = kept === undefined ? -1 : rows.rowOf(kept.name);
    if (kept === undefined || now === -1 || now === kept.row) return;
    box.scrollTo({ top: scroll.current + (now - kept.row) * rows.rowHeight });
    // Told at once: the browser would tell a frame later, and draw that frame without rows.
    box.dispatchEvent(new Event("scroll"));
  });
}

/** Which row stays where it is. */
export function rowToKeep(
  rows: NamedRows,
  scroll: number,
  height: number,
): { readonly row: number; readonly name: string } | undefined {
  const first = Math.ceil(scroll / rows.rowHeight);
  const end = Math.min(rows.count, Math.floor((scroll + height - rows.header) / rows.rowHeight));
  const selected = rows.selected === null ? -1 : rows.rowOf(rows.selected);
  if (rows.selected !== null && selected >= first && selected < end) return { row: selected, name: rows.selected };
  if (scroll === 0) return undefined;
  for (let row = first; row < end; row++) {
    const name = rows.nameAt(row);
    if (name !== undefined) return { row, name };
  }
  return undefined;
}
