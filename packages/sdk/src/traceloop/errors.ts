/** The class of errors that programs written for OpenLLMetry look for. */
export class TraceloopError extends Error {
  override readonly name: string = "TraceloopError";
  readonly severity: "Warning" | "Error" | "Critical";
  readonly underlyingCause?: Error;

  constructor(message: string, severity: "Warning" | "Error" | "Critical" = "Error", cause?: Error) {
    super(message);
    this.severity = severity;
    if (cause !== undefined) this.underlyingCause = cause;
  }
}

/** Never thrown here: there is nothing that has to be initialized first. */
export class NotInitializedError extends TraceloopError {}

/** Never thrown here: `initialize` does not throw. */
export class InitializationError extends TraceloopError {}

/** Never thrown here. */
export class ArgumentNotProvidedError extends TraceloopError {
  constructor(argument: string) {
    super(`The argument ${argument} is missing.`);
  }
}

/** Never thrown here: `getPrompt` knows no prompt at all. */
export class PromptNotFoundError extends TraceloopError {
  constructor(key: string) {
    super(`There is no prompt ${key}.`);
  }
}

/** How bad an error is. */
export const SEVERITY = { Warning: "Warning", Error: "Error", Critical: "Critical" } as const;

/** The class of the errors that guards cause. */
export class GuardrailError extends TraceloopError {
  override readonly name: string = "GuardrailError";
}

/** A guard said no, and the program asked for an error then. */
export class GuardValidationError extends GuardrailError {
  override readonly name: string = "GuardValidationError";
  readonly output: object;

  constructor(output: object, message = "One or more guards failed validation.") {
    super(message);
    this.output = output;
  }
}

/** A guard threw. */
export class GuardExecutionError extends GuardrailError {
  override readonly name: string = "GuardExecutionError";
  readonly originalException: Error;
  readonly guardInput: Readonly<Record<string, unknown>>;
  readonly guardIndex: number;

  constructor(originalException: Error, guardInput: Readonly<Record<string, unknown>>, guardIndex: number) {
    super(`Guard at index ${guardIndex} threw an exception: ${originalException.message}`, "Error", originalException);
    this.originalException = originalException;
    this.guardInput = guardInput;
    this.guardIndex = guardIndex;
  }
}

/** Never thrown here: guards are given what the program maps. */
export class GuardInputTypeError extends GuardrailError {
  override readonly name: string = "GuardInputTypeError";
}

/** Never thrown here; guards that fail fast answer with a result. */
export class FailFastGuardResult {}
