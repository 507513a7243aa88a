// Written by `npm run lists` from the files of this folder.
import type { Command } from "../command.ts";
import { budgets } from "./budgets.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { exportTrace } from "./export-trace.ts";
import { query } from "./query.ts";
import { reconcile } from "./reconcile.ts";
import { reprice } from "./reprice.ts";
import { retranslate } from "./retranslate.ts";
import { serve } from "./serve.ts";

/** Every part of this folder, by name. */
export const commands: readonly Command[] = [
  budgets,
  demo,
  doctor,
  exportTrace,
  query,
  reconcile,
  reprice,
  retranslate,
  serve,
];
