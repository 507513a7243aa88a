/** East Asian wide and full-width blocks (Unicode UAX #11), and what is drawn as an emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const ZERO = /^[\p{Mark}\p{Format}]+$/u;
const PLAIN = /^[\u0020-\u024f]*$/;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns that a character, as people count them, takes in a terminal. */
function widthOf(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Columns that a text without control characters takes in a terminal. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += widthOf(segment);
  return width;
}

/** The text, cut to a width with `…` as its last character where something was cut off. */
export function fitWidth(text: string, width: number): string {
  // A grapheme takes more than one unit of a string, never less: what is short enough is narrow enough unless wide.
  if (text.length <= width && displayWidth(text) <= width) return text;
  let taken = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = used + widthOf(segment);
    if (next > width - 1) return `${taken}…`;
    taken += segment;
    used = next;
  }
  return taken;
}
