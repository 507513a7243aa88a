import { useState } from "react";
import { setPreferences, usePreferences } from "../data/preferences.ts";

/** Below this width the facets lie over the list, so they are closed until they are asked for. */
const NARROW_PX = 960;

/** Whether the facets are open, and a way to change it. */
export function useFacetsOpen(): [boolean, () => void] {
  const isWanted = usePreferences((preferences) => preferences.facetsOpen);
  const [isNarrowOpen, setNarrowOpen] = useState(false);
  const isNarrow = window.innerWidth <= NARROW_PX;
  if (isNarrow) return [isNarrowOpen, () => setNarrowOpen(!isNarrowOpen)];
  return [isWanted, () => setPreferences({ facetsOpen: !isWanted })];
}
