import * as z from "zod";

const hex = (digits: number, what: string): z.ZodType<string> =>
  z
    .string()
    .toLowerCase()
    .regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`), `${what} is ${digits} hex digits`);

/** A trace id in an address, in either letter case. */
export const traceIdField: z.ZodType<string> = hex(32, "a trace id");

/** A span id in an address, in either letter case. */
export const spanIdField: z.ZodType<string> = hex(16, "a span id");

/** Which project, where two of them share a trace id. */
export const projectField: z.ZodType<string | undefined> = z
  .string()
  .max(200)
  .optional()
  .meta({ description: "The project, should two of them share the trace id" });
