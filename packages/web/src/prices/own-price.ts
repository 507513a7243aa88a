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

/** What the form asks; empty fields are left out of the entry. */
export interface PriceDraft {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly from: string;
  readonly to: string;
  readonly factor: string;
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
  factor: "",
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
  ["factor", "factor"],
]);

/** The entry of a draft: a contract where it has a factor, else prices for a million tokens. */
export function entryOf(draft: PriceDraft, isContract: boolean): OwnPrice {
  const entry: { [field: string]: unknown } = { name: draft.name.trim() };
  for (const field of ["provider", "model", "from", "to"] as const)
    if (draft[field].trim() !== "") entry[field] = draft[field].trim();
  if (isContract) return { ...entry, factor: draft.factor.trim() };
  const tokens = { input: draft.input.trim(), cache_read: draft.cacheRead.trim(), output: draft.output.trim() };
  return { ...entry, tokens: Object.fromEntries(Object.entries(tokens).filter(([, price]) => price !== "")) };
}

/** What is wrong with the first entry of a file, by field of the draft; `""` holds what belongs to none. */
export function problemsOf(message: string): ReadonlyMap<keyof PriceDraft | "", string> {
  const problems = new Map<keyof PriceDraft | "", string>();
  for (const told of message.split("; ")) {
    const [, place = "", problem = told] = /^prices\[0\]\.?([\w.]*): (.*)$/.exec(told) ?? [];
    problems.set(PLACES.get(place) ?? "", problem);
  }
  return problems;
}

/** An entry's price in words: `×0.85 of the catalogue`, `input $0.20, output $0.60`. */
export function priceWords(entry: OwnPrice): string {
  const { factor, tokens, units, second, currency } = entry;
  if (factor !== undefined) return `×${String(factor)} of the catalogue's price`;
  const sign = currency === undefined || currency === "USD" ? "$" : `${String(currency)} `;
  const each = (prices: unknown, per: string): string[] =>
    typeof prices === "object" && prices !== null
      ? Object.entries(prices).map(([kind, price]) => `${kind.replaceAll("_", " ")} ${sign}${String(price)}${per}`)
      : [];
  const words = [...each(tokens, ""), ...each(units, " each")];
  if (second !== undefined) words.push(`${sign}${String(second)} a second`);
  return words.join(", ");
}
