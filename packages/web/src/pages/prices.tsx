import { Coins } from "lucide-react";
import { lazy } from "react";
import type { Page } from "../page.ts";

/** One's own prices, and the catalogue. */
export const prices: Page = {
  name: "prices",
  path: "/prices",
  label: "Prices",
  navigation: { order: 4, Icon: Coins },
  Component: lazy(async () => ({ default: (await import("../prices/prices-page.tsx")).PricesPage })),
};
