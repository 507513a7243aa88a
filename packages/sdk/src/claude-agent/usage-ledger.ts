import type { TokenCounts } from "@telltale/rules/cost";
import { tokensOf } from "../anthropic/usage.ts";
import { numberOf, property } from "../hook/read-object.ts";
import { addTokenCounts } from "../reading/token-counts.ts";

/** Tokens that a result tells and no call did: of calls that nobody heard of, or heard of without their output. */
export interface UntoldUsage {
  readonly model: string;
  readonly counts: TokenCounts;
  readonly searches: number;
}

interface Total {
  readonly counts: TokenCounts;
  readonly searches: number;
}

const NOTHING: Total = { counts: {}, searches: 0 };

/**
 * Sets what the results of a query say against what its calls told, so that every token is told once.
 * A result has running totals by model over the whole query, sub-agents and helpers included.
 */
export class UsageLedger {
  readonly #told = new Map<string, TokenCounts>();
  #totals: ReadonlyMap<string, Total> = new Map();
  #cost = 0;
  /** The first totals of a query that resumes another hold the other's: what is new in them cannot be said. */
  #isUnknown: boolean;

  constructor(isResumed: boolean) {
    this.#isUnknown = isResumed;
  }

  /** A call told this. */
  tell(model: string, counts: TokenCounts): void {
    const name = plain(model);
    this.#told.set(name, addTokenCounts(this.#told.get(name) ?? {}, counts));
  }

  /** What the turn cost, in dollars, as the result says; asked before `untold`. */
  costOf(result: unknown): number | undefined {
    const total = numberOf(result, "total_cost_usd");
    if (total === undefined) return undefined;
    const before = total < this.#cost ? 0 : this.#cost;
    this.#cost = total;
    // Nothing that is billed is below a billionth; differences of doubles are.
    return this.#isUnknown || total === before ? undefined : Math.round((total - before) * 1e9) / 1e9;
  }

  /** Asked once for each result. */
  untold(result: unknown): readonly UntoldUsage[] {
    const totals = totalsOf(property(result, "modelUsage"));
    const before = this.#totals;
    const told = new Map(this.#told);
    this.#totals = totals;
    this.#told.clear();
    if (this.#isUnknown) {
      this.#isUnknown = false;
      return untoldOfLoop(result, told);
    }
    return [...totals].flatMap(([model, total]) => {
      const name = plain(model);
      // Totals begin anew when the program clears the conversation.
      const earlier = before.get(model) ?? NOTHING;
      const isReset = (total.counts.input ?? 0) < (earlier.counts.input ?? 0);
      const base = isReset ? NOTHING : earlier;
      const counts = without(without(total.counts, base.counts), told.get(name) ?? {});
      const searches = total.searches - base.searches;
      return (counts.input ?? 0) + (counts.output ?? 0) + searches > 0 ? [{ model, counts, searches }] : [];
    });
  }
}

/** Of one model the result itself says what its own loop used; of sub-agents it then says nothing. */
function untoldOfLoop(result: unknown, told: ReadonlyMap<string, TokenCounts>): readonly UntoldUsage[] {
  const [only, ...others] = told;
  if (only === undefined || others.length > 0) return [];
  const counts = without(tokensOf(property(result, "usage")), only[1]);
  return (counts.output ?? 0) > 0 ? [{ model: only[0], counts, searches: 0 }] : [];
}

/** The window's size is part of a model's name in the totals. */
function plain(model: string): string {
  return model.replace(/\[[^\]]*\]$/, "");
}

function totalsOf(usage: unknown): ReadonlyMap<string, Total> {
  if (typeof usage !== "object" || usage === null) return new Map();
  return new Map(
    Object.entries(usage).map(([name, told]) => {
      const counts = tokensOf({
        input_tokens: numberOf(told, "inputTokens"),
        output_tokens: numberOf(told, "outputTokens"),
        cache_read_input_tokens: numberOf(told, "cacheReadInputTokens"),
        cache_creation_input_tokens: numberOf(told, "cacheCreationInputTokens"),
        cache_creation: { ephemeral_1h_input_tokens: numberOf(told, "cacheCreationEphemeral1hInputTokens") },
        output_tokens_details: { thinking_tokens: numberOf(told, "thinkingTokens") },
      });
      return [name, { counts, searches: numberOf(told, "webSearchRequests") ?? 0 }];
    }),
  );
}

/** What is left; nothing of a kind where nothing is. */
function without(counts: TokenCounts, told: TokenCounts): TokenCounts {
  const left = (name: keyof TokenCounts): number | undefined => {
    const rest = (counts[name] ?? 0) - (told[name] ?? 0);
    return rest > 0 ? rest : undefined;
  };
  return {
    input: left("input"),
    output: left("output"),
    cacheRead: left("cacheRead"),
    cacheWrite: left("cacheWrite"),
    cacheWriteHour: left("cacheWriteHour"),
    reasoning: left("reasoning"),
  };
}
