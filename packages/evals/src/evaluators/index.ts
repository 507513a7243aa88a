// Written by `npm run lists` from the files of this folder.
import type { Evaluator } from "../evaluator.ts";
import { exactMatch } from "./exact-match.ts";
import { jsonValid } from "./json-valid.ts";

/** Every part of this folder, by name. */
export const evaluators: readonly Evaluator[] = [exactMatch, jsonValid];
