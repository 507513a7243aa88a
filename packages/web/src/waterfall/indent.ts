const STEP = 15;
/** Deeper levels get almost no room, so that a name stays readable 500 levels down. */
const FULL_LEVELS = 10;
const MOST = 210;

/** Pixels before a row of a level. */
export function indentOf(level: number): number {
  return Math.min(MOST, Math.min(level, FULL_LEVELS) * STEP + Math.max(0, level - FULL_LEVELS) * 2);
}
