import type { AttributeMap } from "../attribute-value.ts";
import type { Call } from "../wire.ts";

/** When the first content came, by the character of the answer at which it was complete. */
export function setTimeToFirstChunk(attributes: AttributeMap, call: Call, firstContentAt: number | undefined): void {
  if (firstContentAt === undefined) return;
  const milliseconds = call.millisecondsAt(firstContentAt - 1);
  if (milliseconds === undefined) return;
  attributes.set("gen_ai.response.time_to_first_chunk", { double: milliseconds / 1000 });
}
