import type { TraceIndex } from "../trace/trace-index.ts";

type Colour = readonly [red: number, green: number, blue: number];

/** A bar is at most this many pixels tall, so that a trace of three spans is not three blocks. */
const TALLEST = 5;

/**
 * Writes every span into the pixels: down the tree by rows, along the time by columns. Filling bytes is
 * twice as fast as asking a canvas for 100,000 rectangles.
 * `kinds[i]` is the colour number of the text `i`; colour 0 is the ground and the last one failure.
 */
export function paintOverview(
  image: Pick<ImageData, "data" | "width" | "height">,
  index: TraceIndex,
  kinds: readonly number[],
  colours: readonly Colour[],
): void {
  const { data, width, height } = image;
  fill(data, 0, data.length / 4, colours[0] ?? [0, 0, 0]);
  const lane = Math.min(TALLEST + 1, height / Math.max(1, index.count));
  const tall = Math.max(1, Math.floor(lane) - (lane >= 3 ? 1 : 0));
  const scale = width / Math.max(index.length, 0.001);
  const { skeleton } = index;
  for (let place = 0; place < index.count; place++) {
    const span = index.order[place] ?? 0;
    const start = skeleton.start[span] ?? 0;
    const from = Math.min(width - 1, Math.max(0, Math.floor(start * scale)));
    const end = skeleton.duration[span] ?? index.length - start;
    const to = Math.min(width, Math.max(from + 1, Math.ceil((start + end) * scale)));
    const colour = colours[index.failed[span] === 1 ? colours.length - 1 : (kinds[skeleton.kind[span] ?? 0] ?? 6)] ?? [
      0, 0, 0,
    ];
    const top = Math.floor(place * lane);
    for (let line = top; line < Math.min(height, top + tall); line++)
      fill(data, line * width + from, line * width + to, colour);
  }
}

function fill(data: Uint8ClampedArray, from: number, to: number, [red, green, blue]: Colour): void {
  for (let pixel = from * 4; pixel < to * 4; pixel += 4) {
    data[pixel] = red;
    data[pixel + 1] = green;
    data[pixel + 2] = blue;
    data[pixel + 3] = 255;
  }
}
