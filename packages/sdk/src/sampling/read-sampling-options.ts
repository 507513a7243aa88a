import { warn } from "../diagnostics.ts";
import type { Settings } from "../options/settings.ts";
import type { AlwaysKeep, SamplingOptions, TelemetryBudget } from "./sampling-options.ts";

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

/** Every trace, with its content. */
export const EVERYTHING: Sampling = {
  ratio: 1,
  rules: [],
  keep: KEEP,
  contentRatio: 1,
  followParent: false,
  maxTraceMs: DEFAULT_TRACE_MS,
  maxTraceSpans: DEFAULT_TRACE_SPANS,
};

/** Undefined when everything is sent: then nothing of sampling is even loaded. */
export function readSampling(options: SamplingOptions | undefined, settings: Settings): Sampling | undefined {
  const own = options ?? settings.json({ option: "", given: undefined, variables: ["TELLTALE_SAMPLING"] });
  const told: SamplingOptions | undefined = own ?? ofSampler(settings);
  if (told === undefined) return undefined;
  const off = own === undefined && told.ratio === 0;
  const tracesPerSecond = boundOf(told.tracesPerSecond, "tracesPerSecond");
  const budget = budgetOf(told.budget);
  const sampling: Sampling = {
    ratio: ratioOf(told.ratio, "ratio"),
    rules: Array.isArray(told.rules) ? told.rules : [],
    keep: { ...(off ? KEEP_NOTHING : KEEP), ...told.keep },
    contentRatio: ratioOf(told.contentRatio, "contentRatio"),
    followParent: told.followParent ?? false,
    maxTraceMs: boundOf(told.maxTraceMs, "maxTraceMs") ?? DEFAULT_TRACE_MS,
    maxTraceSpans: boundOf(told.maxTraceSpans, "maxTraceSpans") ?? DEFAULT_TRACE_SPANS,
    ...(tracesPerSecond === undefined ? {} : { tracesPerSecond }),
    ...(budget === undefined ? {} : { budget }),
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
  warn(`sampling.${name} is no number from 0 to 1. Everything is kept.`);
  return 1;
}

/** A bound that is no number would let nothing pass. */
function boundOf(told: unknown, name: string): number | undefined {
  if (told === undefined || told === null) return undefined;
  if (typeof told === "number" && told >= 0) return told;
  warn(`sampling.${name} is no number from 0 on. It is ignored.`);
  return undefined;
}

function budgetOf(told: TelemetryBudget | undefined): TelemetryBudget | undefined {
  if (typeof told !== "object" || told === null) return undefined;
  const bytesPerMinute = boundOf(told.bytesPerMinute, "budget.bytesPerMinute");
  const shareOfSpend = boundOf(told.shareOfSpend, "budget.shareOfSpend");
  const pricePerGigabyte = boundOf(told.pricePerGigabyte, "budget.pricePerGigabyte");
  if (bytesPerMinute === undefined && shareOfSpend === undefined) return undefined;
  return {
    ...(bytesPerMinute === undefined ? {} : { bytesPerMinute }),
    ...(shareOfSpend === undefined ? {} : { shareOfSpend }),
    ...(pricePerGigabyte === undefined ? {} : { pricePerGigabyte }),
  };
}

/** The samplers that OpenTelemetry defines for every language. */
const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

function ofSampler(settings: Settings): SamplingOptions | undefined {
  const place = { option: "", given: undefined, variables: ["OTEL_TRACES_SAMPLER"] };
  const name = settings.oneOf(place, SAMPLERS);
  if (name === undefined) return undefined;
  const followParent = name.startsWith("parentbased_");
  const sampler = name.replace(/^parentbased_/, "");
  if (sampler === "always_on") return { followParent };
  if (sampler === "always_off") return { ratio: 0, followParent };
  const argument = { option: "", given: undefined, variables: ["OTEL_TRACES_SAMPLER_ARG"] };
  return { ratio: settings.number(argument, { least: 0, most: 1 }) ?? 1, followParent };
}
