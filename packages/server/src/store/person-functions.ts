import type { Store } from "../store.ts";

/**
 * Kinds of functions, by ClickHouse's own sorting in `system.functions`, that compute from their
 * arguments and nothing else. A kind that is not here is refused, also one that a later engine adds.
 */
const KINDS = new Set([
  "Aggregate Functions",
  "Arithmetic",
  "Arrays",
  "Bit",
  "Bitmap",
  "Comparison",
  "Conditional",
  "Dates and Times",
  "Distance",
  "Encoding",
  "Financial",
  "Geo",
  "Geo Polygon",
  "Hash",
  "IP Address",
  "JSON",
  "Logical",
  "Map",
  "Mathematical",
  "Null",
  "Random Number",
  "Rounding",
  "String",
  "String Replacement",
  "String Search",
  "String Splitting",
  "Time Series",
  "Time Window",
  "Tuple",
  "Type Conversion",
  "URL",
  "UUID",
]);

/** Harmless ones that ClickHouse files under "Other" or knows only in its grammar. */
const ALSO = new Set([
  "bar",
  "byteSize",
  "countDigits",
  "currentDatabase",
  "exists",
  "formatReadableDecimalSize",
  "formatReadableQuantity",
  "formatReadableSize",
  "formatReadableTimeDelta",
  "getSubcolumn",
  "grouping",
  "identity",
  "ignore",
  "interval",
  "isConstant",
  "lambda",
  "materialize",
  "minSampleSizeContinuous",
  "minSampleSizeConversion",
  "neighbor",
  "normalizeQuery",
  "normalizedQueryHash",
  "parseReadableSize",
  "parseReadableSizeOrNull",
  "parseReadableSizeOrZero",
  "parseTimeDelta",
  "rowNumberInAllBlocks",
  "rowNumberInBlock",
  "runningDifference",
  "toTypeName",
  "transform",
  "untuple",
  "variantElement",
  "variantType",
  "version",
  "visibleWidth",
]);

/** In an allowed kind, yet of no use to a question: they write formats, only throw, or are the engine's own. */
const NOT = new Set(["aggThrow", "chdb", "flameGraph", "formatRow", "formatRowNoNewline", "groupFormat"]);

/** What may follow the name of an aggregate function: `sumIf`, `uniqArray`. */
const COMBINATORS =
  /(?:If|Array|Map|SimpleState|State|Merge|MergeState|ForEach|Distinct|OrDefault|OrNull|ArgMin|ArgMax)$/;

/** Which functions SQL of a person may call. */
export interface PersonFunctions {
  /** Whether a name, as written or as the engine's parser gives it, is a function that may be called. */
  allows(name: string): boolean;
  /** Whether a name that is not called may stand for a function that may not be called. */
  forbids(name: string): boolean;
}

const known = new WeakMap<Store, Promise<PersonFunctions>>();

/** The functions of the engine behind a store; asked once per store. */
export function personFunctions(store: Store): Promise<PersonFunctions> {
  let functions = known.get(store);
  if (!functions) {
    functions = readFunctions(store);
    known.set(store, functions);
    // A failure is told to its caller and not remembered.
    functions.catch(() => known.delete(store));
  }
  return functions;
}

interface EngineFunction {
  readonly name: string;
  readonly aggregate: boolean;
  readonly ignoresCase: boolean;
  readonly aliasOf: string;
  readonly kinds: string;
  readonly ours: boolean;
}

async function readFunctions(store: Store): Promise<PersonFunctions> {
  const bytes = await store.read(
    "SELECT name, is_aggregate, case_insensitive, alias_to, categories, origin = 'System' FROM system.functions",
    {},
    { format: "JSONCompactEachRow" },
  );
  const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
  const functions = lines.map((line): EngineFunction => {
    const [name, aggregate, ignoresCase, aliasOf, kinds, ours] = JSON.parse(line) as [string, ...unknown[]];
    return {
      name,
      aggregate: Number(aggregate) === 1,
      ignoresCase: Number(ignoresCase) === 1,
      aliasOf: String(aliasOf),
      kinds: String(kinds),
      ours: Number(ours) === 1,
    };
  });
  return new Functions(functions);
}

class Functions implements PersonFunctions {
  readonly #exact = new Map<string, boolean>();
  readonly #anyCase = new Map<string, boolean>();
  readonly #aggregates = new Set<string>();

  constructor(functions: readonly EngineFunction[]) {
    const byName = new Map(functions.map((entry) => [entry.name, entry]));
    for (const entry of functions) {
      const original = byName.get(entry.aliasOf) ?? entry;
      const allowed = mayBeCalled(entry, original);
      this.#exact.set(entry.name, allowed);
      if (entry.ignoresCase) this.#anyCase.set(entry.name.toLowerCase(), allowed);
      if (allowed && original.aggregate) {
        this.#aggregates.add(entry.name);
        if (entry.ignoresCase) this.#aggregates.add(entry.name.toLowerCase());
      }
    }
  }

  allows(name: string): boolean {
    if (ALSO.has(name)) return true;
    const found = this.#exact.get(name) ?? this.#anyCase.get(name.toLowerCase());
    return found ?? this.#isCombined(name);
  }

  forbids(name: string): boolean {
    if (ALSO.has(name)) return false;
    return (this.#exact.get(name) ?? this.#anyCase.get(name.toLowerCase())) === false;
  }

  #isCombined(name: string): boolean {
    for (let base = name; COMBINATORS.test(base);) {
      base = base.replace(COMBINATORS, "");
      if (this.#aggregates.has(base) || this.#aggregates.has(base.toLowerCase())) return true;
    }
    return false;
  }
}

function mayBeCalled(entry: EngineFunction, original: EngineFunction): boolean {
  if (!entry.ours || NOT.has(original.name) || original.name.startsWith("_")) return false;
  if (ALSO.has(original.name)) return true;
  const kinds = original.kinds.split(",").map((kind) => kind.trim());
  return kinds.every((kind) => KINDS.has(kind));
}
