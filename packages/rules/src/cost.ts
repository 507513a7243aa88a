/* The door for programs that price calls: it brings all price rows, which take a while to load. */
export { genAiUsage, SERVICE_TIERS } from "./gen-ai-usage.ts";
export { type PricedCall, priceUsage } from "./pricing.ts";
