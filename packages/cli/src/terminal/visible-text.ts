/**
 * Control characters (C0, DEL, C1), which move the cursor, set the title or colour of a terminal, and
 * Unicode's directional overrides, which show text in another order than it has.
 */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const NAMES = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** Text on one line that does nothing to a terminal but be read: `\x1b[31m` shows as it is written here. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.charCodeAt(0);
    const name = NAMES.get(character);
    if (name) return name;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
