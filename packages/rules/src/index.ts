export {
  createRedaction,
  type RedactedText,
  type Redaction,
  redactText,
  type Redactor,
  redactors,
  type SecretRange,
} from "./redaction.ts";
export type { Detector, TraceWatch } from "./detector.ts";
export { detectors } from "./detectors/index.ts";
export { type FirstCount, genAiUsage, MODELS_USAGE, usageOfModels } from "./gen-ai-usage.ts";
export { nanosOfLines } from "./nanos-of-lines.ts";
export type { BucketPrices, PriceBook, PricedModel, PriceRow } from "./price-book.ts";
export { providerOfHost } from "./provider-of-host.ts";
export { prices } from "./prices/index.ts";
export { type PricedCall, priceUsage } from "./pricing.ts";
export { type CountingConvention, type TokenCounts, usageLine } from "./usage-line.ts";
export { serviceTier } from "./service-tier.ts";
export { type OwnModelPrice, ownPricesOf } from "./own-prices-of.ts";
export type { CurrencyRate, CustomPrice, CustomPrices } from "./custom-prices.ts";
