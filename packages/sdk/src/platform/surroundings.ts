/*
 * What the SDK knows of where it runs. A file `<name>.web.ts` stands in the place of `<name>.ts` in the build for
 * browsers and workers, and gives the same names.
 */

/** `telemetry.sdk.language`, as OpenTelemetry calls it. */
export const LANGUAGE = "nodejs";
/** `service.name` of a program that says nothing of itself. */
export const UNKNOWN_SERVICE = "unknown_service:node";

/** The variables of the environment, as they are now. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}

/** One of them. */
export function variable(name: string): string | undefined {
  return process.env[name];
}

/** Writes a line where a person looks for it. May throw where nobody listens. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
