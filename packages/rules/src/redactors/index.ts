// Written by `npm run lists` from the files of this folder.
import type { Redactor } from "../redactor.ts";
import { apiKey } from "./api-key.ts";
import { creditCard } from "./credit-card.ts";

/** Every part of this folder, by name. */
export const redactors: readonly Redactor[] = [apiKey, creditCard];
