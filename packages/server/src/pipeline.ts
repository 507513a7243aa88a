import type { Span } from "@telltale/model";
import { processors } from "./processors/index.ts";

/*
 * READ THIS FIRST. How telemetry goes through the server:
 *
 *   receivers/     a request is checked cheaply and appended         front process
 *   journal/       group fsync, then 200
 *   ------------------------------------------------------------------------------
 *   otlp/          bytes to records                                  engine process
 *   translate.ts   records to canonical spans, through dialects/
 *   this file      the steps below, span by span, through processors/
 *   engine/        joins, bills and sums what belongs to one trace, batch by batch
 *   stores/        rows into the engine; schema/ says what they are
 *   ------------------------------------------------------------------------------
 *   queries/       questions, answered by the store                  front process
 *   http/          routes, live feed, pages
 */

/** The steps between translation and the store, in this order, by name. */
export const STEPS: readonly string[] = ["group", "price"];

/** The same with estimates of what nobody told, which are made by opt-in only. */
export const STEPS_WITH_ESTIMATES: readonly string[] = [...STEPS, "estimate"];

/** The steps as one function. A step that throws is passed over for that span. */
export function pipeline(steps: readonly string[] = STEPS): (span: Span) => Span {
  const chain = steps.map((name) => {
    const processor = processors.find((candidate) => candidate.name === name);
    if (!processor)
      throw new Error(`no processor is called "${name}"; there are ${processors.map((one) => one.name).join(", ")}`);
    return processor.create();
  });
  return (span) => {
    let current = span;
    for (const step of chain)
      try {
        current = step(current);
      } catch (error) {
        console.error(`telltale: a step failed on span ${span.spanId}:`, error);
      }
    return current;
  };
}
