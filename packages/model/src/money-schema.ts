import * as z from "zod/mini";
import type { Money } from "./money.ts";

/** Validates an amount. */
export const moneySchema: z.ZodMiniType<Money> = z.object({
  nanos: z.bigint(),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});
