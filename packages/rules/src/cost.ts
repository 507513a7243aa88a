/* The door for programs that price calls: it brings all price rows, which take a while to load. */
export { type FirstCount, genAiUsage, MODELS_USAGE, usageOfModels } from "./gen-ai-usage.ts";
export type { TokenCounts } from "./usage-line.ts";
export { type PricedCall, priceUsage } from "./pricing.ts";
export { serviceTier } from "./service-tier.ts";
