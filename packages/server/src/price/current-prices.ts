import type { CustomPrices } from "@telltale/rules";
import type { PriceFile } from "./price-file.ts";

let file: PriceFile | undefined;

/** Says where this process finds somebody's own prices. Called once, before the first span. */
export function usePriceFile(from: PriceFile): void {
  file = from;
}

/** Somebody's own prices as they stand; `undefined` where there are none. */
export function currentPrices(): CustomPrices | undefined {
  return file?.current();
}
