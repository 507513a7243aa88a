/** Where a command works: `everywhere`, or only on one page. */
export type CommandScope = "everywhere" | "traces" | "trace" | "query";

/**
 * One named action: the palette, the keys and the key help all come from the list of these. What it does is
 * told by the part of the page that can do it, with `useCommand(name, …)`; while none has, it is not offered.
 */
export interface Command {
  /** Kebab-case, as the file is called. */
  readonly name: string;
  readonly label: string;
  readonly scope: CommandScope;
  /** Its place in the palette and the key help. */
  readonly rank: number;
  /** Each entry is one way: `mod+k`, `j`, `g t` (one after the other), `Shift+?` is written `?`. */
  readonly keys: readonly string[];
  /** Works also while a text field has the focus. */
  readonly inFields?: boolean;
}
