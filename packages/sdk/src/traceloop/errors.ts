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

/** OpenLLMetry's client for its own service, which has no counterpart. Throws and says what to use. */
export function getClient(): never {
  throw new TraceloopError("There is no Traceloop service here: datasets, experiments and annotations are Telltale's.");
}

/** OpenLLMetry's prompt registry, which has no counterpart. Throws and says what to use. */
export function getPrompt(key: string): never {
  throw new TraceloopError(
    `There is no prompt registry here for "${key}": keep prompts with the program, and call recordPrompt.`,
  );
}
