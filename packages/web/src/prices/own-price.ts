/** One of one's own prices as the file has it; what the page does not know is kept as it is. */
export type OwnPrice = { readonly [field: string]: unknown };

/** The file of one's own prices, as far as the page changes it. */
export interface OwnPriceFile {
  readonly prices: readonly OwnPrice[];
  readonly [field: string]: unknown;
}

/** The file of an answer; an empty one where there is none, or it is none. */
export function fileOf(file: unknown): OwnPriceFile {
  if (typeof file !== "object" || file === null || !("prices" in file) || !Array.isArray(file.prices))
    return { prices: [] };
  const prices = file.prices.filter((entry): entry is OwnPrice => typeof entry === "object" && entry !== null);
  return { ...file, prices };
}

/** What an entry prices: tokens, the seconds of a machine, or the catalogue's prices again with a factor. */
export type PriceKind = "tokens" | "second" | "contract";

/** A rate of exchange in the file. */
export interface OwnRate {
  readonly currency: string;
  readonly dollars: string;
}

/** What the form asks; empty fields are left out of the entry. */
export interface PriceDraft {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly from: string;
  readonly to: string;
  readonly tier: string;
  readonly factor: string;
  readonly second: string;
  readonly currency: string;
  /** Dollars for one of the currency, where the file has no rate yet. */
  readonly rate: string;
  readonly input: string;
  readonly cacheRead: string;
  readonly output: string;
}

/** A form with nothing in it. */
export const EMPTY_DRAFT: PriceDraft = {
  name: "",
  provider: "",
  model: "",
  from: "",
  to: "",
  tier: "",
  factor: "",
  second: "",
  currency: "",
  rate: "",
  input: "",
  cacheRead: "",
  output: "",
};

/** Names of a draft's fields in the problems that the server tells: `prices[0].tokens.input`. */
const PLACES: ReadonlyMap<string, keyof PriceDraft> = new Map([
  ["tokens.input", "input"],
  ["tokens.cache_read", "cacheRead"],
  ["tokens.output", "output"],
  ["name", "name"],
  ["provider", "provider"],
  ["model", "model"],
  ["from", "from"],
  ["to", "to"],
  ["tier", "tier"],
  ["factor", "factor"],
  ["second", "second"],
  ["currency", "currency"],
]);

/** The entry of a draft. */
export function entryOf(draft: PriceDraft, kind: PriceKind): OwnPrice {
  const entry: { [field: string]: unknown } = { name: draft.name.trim() };
  for (const field of ["provider", "model", "from", "to", "tier"] as const)
    if (draft[field].trim() !== "") entry[field] = draft[field].trim();
  if (kind === "contract") return { ...entry, factor: draft.factor.trim() };
  const currency = currencyOf(draft);
  if (currency !== "") entry["currency"] = currency;
  if (kind === "second") return { ...entry, second: draft.second.trim() };
  const tokens = { input: draft.input.trim(), cache_read: draft.cacheRead.trim(), output: draft.output.trim() };
  return { ...entry, tokens: Object.fromEntries(Object.entries(tokens).filter(([, price]) => price !== "")) };
}

const currencyOf = (draft: PriceDraft): string => draft.currency.trim().toUpperCase();

/** The rate of exchange that a draft adds to the file. */
export function rateOf(draft: PriceDraft, kind: PriceKind): OwnRate | undefined {
  const dollars = draft.rate.trim();
  const currency = currencyOf(draft);
  return kind === "contract" || dollars === "" || currency === "" ? undefined : { currency, dollars };
}

/** A file with an entry in front of the others, and its rate behind the others. */
export function withEntry(file: OwnPriceFile, entry: OwnPrice, rate: OwnRate | undefined): OwnPriceFile {
  const currencies = Array.isArray(file["currencies"]) ? (file["currencies"] as readonly unknown[]) : [];
  const prices = [entry, ...file.prices];
  return { ...file, prices, ...(rate ? { currencies: [...currencies, rate] } : {}) };
}

/** The rates of a file in words: `EUR at $1.10 from 2026-01-01`. */
export function rateWords(file: OwnPriceFile): readonly string[] {
  const currencies = Array.isArray(file["currencies"]) ? (file["currencies"] as readonly unknown[]) : [];
  return currencies.flatMap((rate) => {
    if (typeof rate !== "object" || rate === null || !("currency" in rate) || !("dollars" in rate)) return [];
    const from = "from" in rate && typeof rate.from === "string" ? ` from ${rate.from}` : "";
    return [`${String(rate.currency)} at $${String(rate.dollars)}${from}`];
  });
}

/** What is wrong with the first entry of a file, by field of the draft; `""` holds what belongs to none. */
export function problemsOf(message: string): ReadonlyMap<keyof PriceDraft | "", string> {
  const problems = new Map<keyof PriceDraft | "", string>();
  for (const told of message.split("; ")) {
    const [, place = "", problem = told] = /^prices\[0\]\.?([\w.]*): (.*)$/.exec(told) ?? [];
    const isRate = /^currencies\[\d+\]\.dollars: /.test(told);
    problems.set(isRate ? "rate" : (PLACES.get(place) ?? ""), isRate ? told.replace(/^[^:]*: /, "") : problem);
  }
  return problems;
}

/** An entry's price in words: `×0.85 of the catalogue`, `input $0.20, output $0.60`. */
export function priceWords(entry: OwnPrice): string {
  const { factor, tokens, units, second, currency } = entry;
  const tier = typeof entry["tier"] === "string" ? `, in the ${entry["tier"]} tier` : "";
  if (factor !== undefined) return `×${String(factor)} of the catalogue's price${tier}`;
  const sign = currency === undefined || currency === "USD" ? "$" : `${String(currency)} `;
  const each = (prices: unknown, per: string): string[] =>
    typeof prices === "object" && prices !== null
      ? Object.entries(prices).map(([kind, price]) => `${kind.replaceAll("_", " ")} ${sign}${String(price)}${per}`)
      : [];
  const words = [...each(tokens, ""), ...each(units, " each")];
  if (second !== undefined) words.push(`${sign}${String(second)} a second`);
  return words.join(", ") + tier;
}
