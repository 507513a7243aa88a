/**
 * The condition for calls in `span_rows` whose cost is a lower bound: an amount, and why that is not all. Within a text of
 * JSON a quote is escaped, so that no name can say this.
 */
export const IS_LOWER_BOUND = `(cost_nanos IS NOT NULL AND cost LIKE '%"reason":"%')`;

/** The condition for calls in `span_rows` whose cost is not wholly known, as the engine counts them. */
export const NOT_WHOLLY_PRICED = `(cost_nanos IS NULL OR cost LIKE '%"reason":"%')`;
