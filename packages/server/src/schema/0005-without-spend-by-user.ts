import type { Migration } from "./migration.ts";

/** The table that step 4 copied; a step of its own, so that the copy is never made of what is gone. */
export const withoutSpendByUser: Migration = {
  number: 5,
  name: "without spend by user",
  tables: [],
  statements: [
    "DROP TABLE IF EXISTS telltale_data.spend_rows {{on cluster}}",
    "DROP TABLE IF EXISTS telltale_data.spend_rows_local {{on cluster}}",
  ],
};
