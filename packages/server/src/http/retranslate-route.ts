import * as z from "zod";
import type { Retranslation } from "../api-types.ts";
import type { RewriteParts } from "../front/store-entry.ts";
import { type Api, refuseOtherMethods } from "./api-route.ts";
import { type Operation, readJsonFields, requireJson, routeOf } from "./operation.ts";
import { inputReader } from "./read-input.ts";

/** Bytes of a request at most. */
const MOST_BYTES = 100_000;
const EXAMPLE = '{"dialect": "openinference"}';

interface Input {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly project?: string | undefined;
  readonly dialect?: string | undefined;
  readonly all: boolean;
  readonly apply: boolean;
  readonly cursor?: string | undefined;
}

const milliseconds = z.number().min(0).max(4_294_965_600_000);

const input: z.ZodType<Input> = z.strictObject({
  from: milliseconds.optional().meta({ description: "Milliseconds since 1970, to the hour; everything when absent" }),
  to: milliseconds.optional().meta({ description: "Milliseconds since 1970, to the hour; now when absent" }),
  project: z.string().max(200).optional().meta({ description: "Only this project; every one when absent" }),
  dialect: z
    .string()
    .max(100)
    .optional()
    .meta({ description: "Only what this dialect read: `openinference`, or one version of it: `openinference/1`" }),
  all: z.boolean().default(false).meta({ description: "Also spans that the present versions read" }),
  apply: z.boolean().default(false).meta({ description: "Store the new rows; a dry run when absent" }),
  cursor: z.string().max(2000).optional().meta({ description: "nextCursor of the answer before" }),
});

const output: z.ZodType<Retranslation> = z.object({
  applied: z.boolean(),
  spans: z.int(),
  changedSpans: z.int(),
  dialects: z.array(z.object({ from: z.string(), to: z.string(), spans: z.int(), changed: z.int() })),
  fields: z.array(z.object({ field: z.string(), spans: z.int() })),
  samples: z.array(
    z.object({
      traceId: z.string(),
      spanId: z.string(),
      name: z.string(),
      field: z.string(),
      before: z.string(),
      after: z.string(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** `POST /api/v1/retranslate` */
export const retranslateSpans: Operation = {
  method: "POST",
  path: "/retranslate",
  name: "retranslate",
  summary: "What the present dialects make of stored spans that older ones read, and what differs; `apply` stores it",
  input,
  output,
};

/** Stored spans translated again. */
export function addRetranslateRoute(app: Api, parts: RewriteParts): void {
  const reader = inputReader({ input });
  const path = routeOf(retranslateSpans);
  app.post(path, async (context) => {
    requireJson(context.req.header("content-type"));
    const request = reader.read(new Map(await readJsonFields(context.env.incoming, MOST_BYTES, EXAMPLE))) as Input;
    // It brings every dialect, which a front that only takes telemetry need not load.
    const { retranslate } = await import("../retranslate/retranslate.ts");
    return context.json(await retranslate(request, parts));
  });
  refuseOtherMethods(app, path, ["POST"]);
}
