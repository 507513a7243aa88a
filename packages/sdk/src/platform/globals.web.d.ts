import type { Buffer as WebBuffer } from "./buffer.web.ts";

// What the sources may use of Buffer where there is no Node: the compiler refuses the rest.
declare global {
  type Buffer = WebBuffer;
  const Buffer: typeof WebBuffer;
}
