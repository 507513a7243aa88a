import { debug } from "../diagnostics.ts";
import { type Environment, textOf } from "../read-environment.ts";
import type { AlwaysKeep, SamplingOptions } from "./sampling-options.ts";

/** Sampling with every default filled in. */
export type Sampling = Omit<Required<SamplingOptions>, "tracesPerSecond" | "budget" | "keep"> &
  Pick<SamplingOptions, "tracesPerSecond" | "budget"> & { readonly keep: Required<AlwaysKeep> };

const KEEP: Required<AlwaysKeep> = {
  errors: true,
  guards: true,
  flagged: true,
  slowerThanMs: 60_000,
  dearerThan: 1,
};
/** `always_off` of OpenTelemetry means it. */
const KEEP_NOTHING: Required<AlwaysKeep> = {
  errors: false,
  guards: false,
  flagged: false,
  slowerThanMs: Number.POSITIVE_INFINITY,
  dearerThan: Number.POSITIVE_INFINITY,
};
const DEFAULT_TRACE_MS = 60_000;
const DEFAULT_TRACE_SPANS = 5000;

/** Undefined when everything is sent: then nothing of sampling is even loaded. */
export function readSampling(options: SamplingOptions | undefined, environment: Environment): Sampling | undefined {
  const told = options ?? ofEnvironment(environment);
  if (told === undefined) return undefined;
  const off = options === undefined && told.ratio === 0;
  const sampling: Sampling = {
    ratio: ratioOf(told.ratio, "ratio"),
    rules: told.rules ?? [],
    keep: { ...(off ? KEEP_NOTHING : KEEP), ...told.keep },
    contentRatio: ratioOf(told.contentRatio, "contentRatio"),
    followParent: told.followParent ?? false,
    maxTraceMs: told.maxTraceMs ?? DEFAULT_TRACE_MS,
    maxTraceSpans: told.maxTraceSpans ?? DEFAULT_TRACE_SPANS,
    ...(told.tracesPerSecond === undefined ? {} : { tracesPerSecond: told.tracesPerSecond }),
    ...(told.budget === undefined ? {} : { budget: told.budget }),
  };
  return isEverything(sampling) ? undefined : sampling;
}

/** Whether every trace is kept, whatever its content. */
export function keepsEveryTrace(sampling: Sampling): boolean {
  const { ratio, rules, tracesPerSecond, budget, followParent } = sampling;
  return ratio === 1 && rules.length === 0 && tracesPerSecond === undefined && budget === undefined && !followParent;
}

function isEverything(sampling: Sampling): boolean {
  return keepsEveryTrace(sampling) && sampling.contentRatio === 1;
}

function ratioOf(told: number | undefined, name: string): number {
  if (told === undefined) return 1;
  if (typeof told === "number" && told >= 0 && told <= 1) return told;
  debug(`sampling.${name} is no number from 0 to 1; everything is kept.`);
  return 1;
}

/** The samplers that OpenTelemetry defines for every language. */
function ofEnvironment(environment: Environment): SamplingOptions | undefined {
  const name = textOf(environment["OTEL_TRACES_SAMPLER"])?.toLowerCase();
  if (name === undefined) return undefined;
  const followParent = name.startsWith("parentbased_");
  const sampler = name.replace(/^parentbased_/, "");
  if (sampler === "always_on") return { followParent };
  if (sampler === "always_off") return { ratio: 0, followParent };
  if (sampler === "traceidratio") {
    const argument = textOf(environment["OTEL_TRACES_SAMPLER_ARG"]);
    const ratio = Number(argument ?? 1);
    if (ratio >= 0 && ratio <= 1) return { ratio, followParent };
  }
  debug("OTEL_TRACES_SAMPLER or its argument is not understood; everything is kept.");
  return undefined;
}
