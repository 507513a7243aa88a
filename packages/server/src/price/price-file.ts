import { basename } from "node:path";
import type { CustomPrices } from "@telltale/rules";
import { CheckedFile } from "../disk/checked-file.ts";
import { readCustomPrices } from "./custom-prices-schema.ts";

/** The file of one's own prices in a data directory. */
export const PRICE_FILE = "telltale.prices.json";

/** One's own prices in a file. */
export class PriceFile extends CheckedFile<CustomPrices> {
  constructor(path: string) {
    super(path, (told) => readCustomPrices(told, basename(path)));
  }
}
