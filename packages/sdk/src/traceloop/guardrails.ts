import { withSpan } from "../span/with-span.ts";
import { GuardExecutionError, GuardValidationError, TraceloopError } from "./errors.ts";

/** What a guard is given. */
export type GuardInput = Readonly<Record<string, unknown>>;
/** What a guard says: whether the output may pass, or that with what it found. */
export type GuardCallResult = { readonly passed: boolean; readonly output: Record<string, unknown> };
/** A function that judges an output. */
export type Guard = ((input: GuardInput) => Promise<boolean | GuardCallResult>) & { guardName?: string };
/** What happened with a guard; `duration` in ms. */
export interface GuardResult {
  readonly name: string;
  readonly passed: boolean;
  readonly duration: number;
  readonly output?: Record<string, unknown>;
}
/** An output and what the guards were given of it. */
export interface GuardedResult {
  readonly result: unknown;
  readonly guardInputs: readonly GuardInput[];
}
/** Called when a guard says no; what it returns is returned in place of the output. */
export type OnFailureHandler = (guarded: GuardedResult) => unknown;
/** Makes of an output what each guard is given, in their order or by their names. */
export type InputMapper = (
  output: never,
  guards: number,
) => readonly GuardInput[] | Readonly<Record<string, GuardInput>>;

/** How guards run; together and until the first one says no, unless told otherwise. */
export interface GuardrailsOptions {
  readonly onFailure?: string | OnFailureHandler;
  readonly runAll?: boolean;
  readonly parallel?: boolean;
  readonly inputMapper?: InputMapper;
}

/** What can be done with an output that a guard refuses. */
export const OnFailure = {
  raiseException:
    (message?: string): OnFailureHandler =>
    (guarded) => {
      throw new GuardValidationError(guarded, message);
    },
  log:
    (level: "error" | "warn" = "warn", message = "A guard refused an output."): OnFailureHandler =>
    ({ result }) => {
      console[level](message);
      return result;
    },
  noop:
    (): OnFailureHandler =>
    ({ result }) =>
      result,
  returnValue:
    (value: unknown): OnFailureHandler =>
    () =>
      value,
} as const;

/** The handler that a word means; any other text is what is returned instead. */
export function resolveOnFailure(value: string | OnFailureHandler): OnFailureHandler {
  if (typeof value === "function") return value;
  if (value === "raise") return OnFailure.raiseException();
  if (value === "log") return OnFailure.log();
  return value === "ignore" || value === "noop" ? OnFailure.noop() : OnFailure.returnValue(value);
}

/** Gives each guard the text under the names that guards ask for, or the fields of an object. */
export function defaultInputMapper(output: unknown, guards: number): GuardInput[] {
  const isObject = typeof output === "object" && output !== null && !Array.isArray(output);
  if (typeof output !== "string" && !isObject)
    throw new TraceloopError(`An output of type ${typeof output} cannot be given to guards: tell how by inputMapper.`);
  const input = isObject ? output : { text: output, prompt: output, completion: output };
  return Array.from({ length: guards }, () => ({ ...input }));
}

/** What each guard is given, by the program's mapper where it has one. */
export function resolveGuardInputs(
  output: unknown,
  guards: number,
  names: readonly string[],
  mapper?: InputMapper,
): readonly GuardInput[] {
  if (mapper === undefined) return defaultInputMapper(output, guards);
  const mapped = mapper(output as never, guards);
  const list = Array.isArray(mapped)
    ? (mapped as readonly GuardInput[])
    : names.map((name) => (mapped as Readonly<Record<string, GuardInput>>)[name]);
  if (list.length !== guards || list.some((input) => input === undefined))
    throw new TraceloopError(`inputMapper has to give one input for each of the ${guards} guards.`);
  return list as readonly GuardInput[];
}

/** Runs guards over what a function returns, each in a span of its own. */
export class Guardrails {
  readonly #guards: readonly Guard[];
  readonly #options: GuardrailsOptions;

  constructor(guards: readonly Guard[], options: GuardrailsOptions = {}) {
    this.#guards = guards;
    this.#options = options;
  }

  parallel = (): Guardrails => this.#with({ parallel: true });
  sequential = (): Guardrails => this.#with({ parallel: false });
  runAll = (): Guardrails => this.#with({ runAll: true });
  failFast = (): Guardrails => this.#with({ runAll: false });
  raiseOnFailure = (): Guardrails => this.#with({ onFailure: "raise" });
  logOnFailure = (): Guardrails => this.#with({ onFailure: "log" });
  ignoreOnFailure = (): Guardrails => this.#with({ onFailure: "ignore" });
  onFailure = (handler: string | OnFailureHandler): Guardrails => this.#with({ onFailure: handler });

  /** What `work` returns, or what the failure handler makes of it when a guard says no. */
  async run<A extends unknown[], T>(work: (...values: A) => Promise<T>, ...values: A): Promise<T> {
    const result = await work(...values);
    const inputs = resolveGuardInputs(result, this.#guards.length, this.#names(), this.#options.inputMapper);
    const results = await this.validate(inputs);
    if (results.every(({ passed }) => passed)) return result;
    const instead = resolveOnFailure(this.#options.onFailure ?? "raise")({ result, guardInputs: inputs });
    return (instead ?? result) as T;
  }

  /** The results of the guards for these inputs, one for each; those that ran, where the first failure ends it. */
  async validate(inputs: readonly GuardInput[]): Promise<GuardResult[]> {
    if (inputs.length !== this.#guards.length)
      throw new TraceloopError(`validate expects one input for each of the ${this.#guards.length} guards.`);
    const { parallel = true, runAll = false } = this.#options;
    if (!parallel) {
      const results: GuardResult[] = [];
      for (const index of this.#guards.keys()) {
        const result = await this.#judge(index, inputs);
        results.push(result);
        if (!result.passed && !runAll) return [result];
      }
      return results;
    }
    const results = await Promise.all(Array.from(this.#guards.keys(), (index) => this.#judge(index, inputs)));
    const failed = results.find(({ passed }) => !passed);
    return failed === undefined || runAll ? results : [failed];
  }

  async #judge(index: number, inputs: readonly GuardInput[]): Promise<GuardResult> {
    const [guard, input, name] = [this.#guards[index], inputs[index], this.#names()[index]];
    if (guard === undefined || input === undefined || name === undefined) throw new TraceloopError("No such guard.");
    const begun = performance.now();
    return withSpan(`guardrail ${name}`, { kind: "guardrail", input }, async (span) => {
      try {
        const told = await guard(input);
        const { passed, output } = typeof told === "boolean" ? { passed: told, output: undefined } : told;
        span.setAttribute("telltale.guardrail.triggered", !passed);
        const duration = performance.now() - begun;
        return { name, passed, duration, ...(output === undefined ? {} : { output }) };
      } catch (error) {
        throw new GuardExecutionError(error instanceof Error ? error : new Error(String(error)), input, index);
      }
    });
  }

  #names(): string[] {
    return this.#guards.map((guard, index) => guard.guardName ?? `guard_${index}`);
  }

  #with(options: GuardrailsOptions): Guardrails {
    return new Guardrails(this.#guards, { ...this.#options, ...options });
  }
}

/** The function, with its output guarded. */
export function guard<A extends unknown[], R>(
  work: (...values: A) => Promise<R>,
  guards: readonly Guard[],
  options?: GuardrailsOptions,
): (...values: A) => Promise<R> {
  return (...values) => new Guardrails(guards, options).run(work, ...values);
}

/** What the guards say of an output. */
export async function validateContent(
  output: unknown,
  guards: readonly Guard[],
  options: GuardrailsOptions = {},
): Promise<{ readonly passed: boolean; readonly results: readonly GuardResult[] }> {
  const names = guards.map((one, index) => one.guardName ?? `guard_${index}`);
  const inputs = resolveGuardInputs(output, guards.length, names, options.inputMapper);
  const results = await new Guardrails(guards, { runAll: true, ...options }).validate(inputs);
  return { passed: results.every(({ passed }) => passed), results };
}

/** The same as a decorator, in the old form that OpenLLMetry has and in the standard one. */
export function guardrail(
  guards: readonly Guard[],
  options?: GuardrailsOptions,
): (target: unknown, context: unknown, descriptor?: PropertyDescriptor) => never {
  type Work = (...values: unknown[]) => Promise<unknown>;
  const wrap = (method: Work): Work =>
    function (this: unknown, ...values) {
      return guard(
        (...given: unknown[]) => Reflect.apply(method, this, given) as Promise<unknown>,
        guards,
        options,
      )(...values);
    };
  return (target, _context, descriptor) => {
    if (descriptor === undefined) return wrap(target as Work) as never;
    descriptor.value = wrap(descriptor.value as Work);
    return descriptor as never;
  };
}
