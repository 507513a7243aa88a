import type { Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";

/** An item, and how far the list is scrolled beyond its beginning, in pixels. */
interface Place {
  readonly key: unknown;
  readonly beyond: number;
}

/** What says that a person scrolls, or goes elsewhere. */
const INPUTS = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/**
 * Keeps the first item in sight where it stands on the screen when the items become others (`version`), once the list was
 * scrolled. Items above it are measured one after the other, so it is held there until somebody moves.
 */
export function useKeptItem(version: object, list: Virtualizer<HTMLDivElement, Element>): void {
  const before = useRef<{ version: object; place: Place | undefined }>({ version, place: undefined });
  const held = useRef<Place>(undefined);
  useEffect(() => {
    const letGo = (): void => {
      held.current = undefined;
    };
    for (const input of INPUTS) window.addEventListener(input, letGo, { passive: true, capture: true });
    return () => {
      for (const input of INPUTS) window.removeEventListener(input, letGo, { capture: true });
    };
  }, []);
  useLayoutEffect(() => {
    if (before.current.version !== version) held.current = before.current.place;
    if (held.current === undefined) {
      before.current = { version, place: placeOf(list) };
      return;
    }
    before.current = { version, place: held.current };
    const { key, beyond } = held.current;
    const item = list.measurementsCache.find((one) => one.key === key);
    if (item === undefined) held.current = undefined;
    else if (Math.abs(item.start + beyond - (list.scrollOffset ?? 0)) >= 1) list.scrollToOffset(item.start + beyond);
  });
}

/** None for a list that is at its beginning: there, what comes above may come into sight. */
function placeOf(list: Virtualizer<HTMLDivElement, Element>): Place | undefined {
  const scroll = list.scrollOffset ?? 0;
  const first = scroll === 0 ? undefined : list.getVirtualItems().find(({ end }) => end > scroll);
  return first && { key: first.key, beyond: scroll - first.start };
}
