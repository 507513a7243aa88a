import { create, type StoreApi, type UseBoundStore } from "zustand";

/** How the pages are coloured. */
export type Theme = "system" | "light" | "dark";

/** Personal taste: kept by this browser, never in the address. */
export interface Preferences {
  readonly theme: Theme;
  /** Share of the width that the details take on the trace page. */
  readonly detailsShare: number;
  readonly facetsOpen: boolean;
}

const KEY = "telltale.preferences";
const DEFAULTS: Preferences = { theme: "system", detailsShare: 0.46, facetsOpen: true };

/** Reads what was kept; anything odd falls back to the default. */
export function readPreferences(text: string | null): Preferences {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "null");
  } catch {
    return DEFAULTS;
  }
  if (typeof kept !== "object" || kept === null) return DEFAULTS;
  const theme = "theme" in kept && (kept.theme === "light" || kept.theme === "dark") ? kept.theme : DEFAULTS.theme;
  const share = "detailsShare" in kept && typeof kept.detailsShare === "number" ? kept.detailsShare : Number.NaN;
  const facetsOpen = "facetsOpen" in kept && typeof kept.facetsOpen === "boolean" ? kept.facetsOpen : true;
  return { theme, facetsOpen, detailsShare: share >= 0.2 && share <= 0.8 ? share : DEFAULTS.detailsShare };
}

function load(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The preferences of this browser. */
export const usePreferences: UseBoundStore<StoreApi<Preferences>> = create<Preferences>(() => readPreferences(load()));

/** Shows and keeps a change. */
export function setPreferences(change: Partial<Preferences>): void {
  usePreferences.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(usePreferences.getState()));
  } catch {
    // Private windows may refuse; the change then lasts until the page is left.
  }
}

/** Puts the theme on the document, now and whenever it changes. */
export function applyTheme(): void {
  const show = ({ theme }: Preferences): void => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  show(usePreferences.getState());
  usePreferences.subscribe(show);
}
