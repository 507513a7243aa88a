import { type RefObject, useCallback, useEffect, useState } from "react";

/** Which rows of equal height are on screen. */
export interface RowWindow {
  /** The first row to draw and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** How tall the element that stands for all rows is, and where a row stands in it, in pixels. */
  readonly height: number;
  top(row: number): number;
  /** Brings a row into sight, with as little movement as possible, or to the middle. */
  scrollTo(row: number, align?: "nearest" | "middle"): void;
}

/** Browsers cut elements off at about 33 million pixels (Chromium) or 17 million (Firefox). */
const TALLEST = 15_000_000;

/** Rows drawn beyond each edge, so that fast scrolling shows no gaps. */
const SPARE = 8;

interface Place {
  readonly scroll: number;
  readonly size: number;
}

/**
 * Arithmetic of a virtual list whose rows all have the same height. Above {@link TALLEST} pixels the
 * scroll bar stands for more than it is tall: positions are scaled.
 */
export function placeRows(count: number, rowHeight: number, header: number, place: Place): Omit<RowWindow, "scrollTo"> {
  const full = count * rowHeight;
  const height = Math.min(full, TALLEST);
  const room = Math.max(1, place.size - header);
  const offset = place.scroll * scrollScale(full, room);
  const from = Math.max(0, Math.floor(offset / rowHeight) - SPARE);
  const to = Math.min(count, Math.ceil((offset + room) / rowHeight) + SPARE);
  return { from, to, height, top: (row) => row * rowHeight - offset + place.scroll };
}

/** How many pixels of all rows one pixel of the scroll bar stands for. */
function scrollScale(full: number, room: number): number {
  const height = Math.min(full, TALLEST);
  return height > room && full > height ? (full - room) / (height - room) : 1;
}

/** Follows the scroll position of an element that holds `count` rows of `rowHeight` below a sticky header. */
export function useWindow(
  element: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  header: number = 0,
): RowWindow {
  const [place, setPlace] = useState<Place>({ scroll: 0, size: 800 });
  useEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const read = (): void => setPlace({ scroll: box.scrollTop, size: box.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(box);
    box.addEventListener("scroll", read, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", read);
    };
  }, [element]);
  const scrollTo = useCallback(
    (row: number, align: "nearest" | "middle" = "nearest") => {
      const box = element.current;
      if (box === null || row < 0) return;
      const room = box.clientHeight - header;
      const scale = scrollScale(count * rowHeight, room);
      const above = row * rowHeight;
      const now = box.scrollTop * scale;
      if (align === "middle") box.scrollTo({ top: (above - room / 2 + rowHeight / 2) / scale });
      else if (above < now) box.scrollTo({ top: above / scale });
      else if (above + rowHeight > now + room) box.scrollTo({ top: (above + rowHeight - room) / scale });
    },
    [element, count, rowHeight, header],
  );
  return { ...placeRows(count, rowHeight, header, place), scrollTo };
}
