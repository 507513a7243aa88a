import { TraceloopError } from "./errors.ts";
import type { Guard } from "./guardrails.ts";

type Condition = (value: unknown) => boolean;

export const isTrue = (): Condition => (value) => value === true;
export const isFalse = (): Condition => (value) => value === false;
export const isTruthy = (): Condition => Boolean;
export const isFalsy = (): Condition => (value) => !value;
export const gt =
  (limit: number): Condition =>
  (value) =>
    typeof value === "number" && value > limit;
export const gte =
  (limit: number): Condition =>
  (value) =>
    typeof value === "number" && value >= limit;
export const lt =
  (limit: number): Condition =>
  (value) =>
    typeof value === "number" && value < limit;
export const lte =
  (limit: number): Condition =>
  (value) =>
    typeof value === "number" && value <= limit;
export const between =
  (least: number, most: number): Condition =>
  (value) =>
    typeof value === "number" && value >= least && value <= most;
export const eq =
  (expected: unknown): Condition =>
  (value) =>
    value === expected;

/** How a guard of OpenLLMetry is made; nothing of it is used here but what `jsonValidatorGuard` needs. */
export interface PrebuiltGuardOptions {
  readonly condition?: Condition;
  readonly timeoutMs?: number;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Whether the text is JSON. */
export function jsonValidatorGuard({ condition = isTrue() }: PrebuiltGuardOptions = {}): Guard {
  const judge: Guard = (input) => {
    const valid = isJson(input["text"]);
    return Promise.resolve({ passed: condition(valid), output: { is_valid_json: valid } });
  };
  judge.guardName = "json-validator";
  return judge;
}

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}

/**
 * The guards that are judged by a service of Traceloop. A program with them starts; one that asks such a
 * guard is told what to use in its place.
 */
function judgedElsewhere(name: string): (options?: PrebuiltGuardOptions) => Guard {
  return () => {
    const judge: Guard = () =>
      Promise.reject(
        new TraceloopError(
          `The guard ${name} is judged by a service of Traceloop, which is not here: write a guard as a function ` +
            `that answers with true or false, or judge the trace on the server (telltale eval).`,
        ),
      );
    judge.guardName = name;
    return judge;
  };
}

type Make = (options?: PrebuiltGuardOptions) => Guard;

export const toxicityGuard: Make = judgedElsewhere("toxicity-detector");
export const piiGuard: Make = judgedElsewhere("pii-detector");
export const secretsGuard: Make = judgedElsewhere("secrets-detector");
export const promptInjectionGuard: Make = judgedElsewhere("prompt-injection");
export const profanityGuard: Make = judgedElsewhere("profanity-detector");
export const sexismGuard: Make = judgedElsewhere("sexism-detector");
export const sqlValidatorGuard: Make = judgedElsewhere("sql-validator");
export const regexValidatorGuard: Make = judgedElsewhere("regex-validator");
export const instructionAdherenceGuard: Make = judgedElsewhere("instruction-adherence");
export const semanticSimilarityGuard: Make = judgedElsewhere("semantic-similarity");
export const promptPerplexityGuard: Make = judgedElsewhere("prompt-perplexity");
export const uncertaintyGuard: Make = judgedElsewhere("uncertainty-detector");
export const toneDetectionGuard: Make = judgedElsewhere("tone-detection");
/** A guard by the name of an evaluator in Traceloop. */
export const customEvaluatorGuard = (slug: string): Guard => judgedElsewhere(slug)();
