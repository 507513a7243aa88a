import { BUDGET_OPERATIONS } from "./budget-operations.ts";
import type { Operation } from "./operation.ts";
import { PRICE_OPERATIONS } from "./price-operations.ts";
import { retranslateSpans } from "./retranslate-route.ts";

/** Every route that is no query. */
export const OPERATIONS: readonly Operation[] = [...BUDGET_OPERATIONS, ...PRICE_OPERATIONS, retranslateSpans];
