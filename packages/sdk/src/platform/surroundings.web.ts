/** `telemetry.sdk.language`, as OpenTelemetry calls it. */
export const LANGUAGE = "webjs";
/** `service.name` of a program that says nothing of itself. */
export const UNKNOWN_SERVICE = "unknown_service";

/** The variables of the environment, where a worker is given some; a page has none. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return { ...variables() };
}

/** One of them. */
export function variable(name: string): string | undefined {
  return variables()?.[name];
}

/** Writes a line where a person looks for it. */
export function say(line: string): void {
  console.warn(line);
}

// Not by its name: builds for the edge warn of programs that ask for Node's `process`.
function variables(): Readonly<Record<string, string | undefined>> | undefined {
  const place = Reflect.get(globalThis, "process") as
    | { readonly env?: Readonly<Record<string, string | undefined>> }
    | undefined;
  return place?.env;
}
