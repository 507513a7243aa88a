import { processors } from "../processors/index.ts";
import type { Steps } from "./decode-batch.ts";

/** The processors as one step, in the order of `pipeline.ts`. One that throws is passed over for that span. */
export function spanSteps(): Steps {
  const steps = processors.map((processor) => processor.create());
  return (span) => {
    let current = span;
    for (const step of steps)
      try {
        current = step(current);
      } catch (error) {
        console.error("telltale: a processor failed on span", span.spanId, error);
      }
    return current;
  };
}
