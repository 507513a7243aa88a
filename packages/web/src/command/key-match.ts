/** What of a key press matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** A press as commands write it: `mod+k`, `j`, `?`; `undefined` for combinations that belong to the browser. */
export function pressName(press: KeyPress): string | undefined {
  if (press.altKey) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return press.ctrlKey || press.metaKey ? `mod+${key}` : key;
}

/**
 * Which of several keys a press completes, given the press before it: `hit` with the key,
 * `wait` when it begins a longer one, else `miss`.
 */
export function matchKeys(
  keys: readonly string[],
  before: string | undefined,
  press: string,
): { type: "hit"; key: string } | { type: "wait" } | { type: "miss" } {
  const two = `${before ?? ""} ${press}`;
  if (before !== undefined && keys.includes(two)) return { type: "hit", key: two };
  if (keys.includes(press)) return { type: "hit", key: press };
  if (keys.some((key) => key.startsWith(`${press} `))) return { type: "wait" };
  return { type: "miss" };
}

const NAMES = new Map([
  ["mod", "Ctrl"],
  ["ArrowUp", "↑"],
  ["ArrowDown", "↓"],
  ["ArrowLeft", "←"],
  ["ArrowRight", "→"],
  ["Escape", "Esc"],
  ["Enter", "↵"],
]);

/** The caps of a key, for people: `mod+k` is `["Ctrl", "K"]`. */
export function keyCaps(key: string, isMac: boolean = false): string[] {
  return key.split(/[ +]/).map((part) => {
    if (part === "mod") return isMac ? "⌘" : "Ctrl";
    return NAMES.get(part) ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}
