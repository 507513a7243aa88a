import type { Retranslation } from "../api-types.ts";
import type { SpanRow } from "../engine/span-row.ts";

/** Examples told at most, and characters of a value in them. */
const MOST_SAMPLES = 20;
const MOST_CHARACTERS = 120;

/** What translating again changes, summed up. */
export class Differences {
  readonly #watched: readonly (keyof SpanRow)[];
  readonly #dialects = new Map<string, { from: string; to: string; spans: number; changed: number }>();
  readonly #fields = new Map<string, number>();
  readonly #samples: Retranslation["samples"] = [];
  #spans = 0;
  #changed = 0;

  constructor(watched: readonly (keyof SpanRow)[]) {
    this.#watched = watched;
  }

  /** One span as it is stored and as it would be. */
  add(before: SpanRow, after: SpanRow): void {
    const changed = this.#watched.filter((field) => before[field] !== after[field]);
    const key = `${before.dialect} ${after.dialect}`;
    const sum = this.#dialects.get(key) ?? { from: before.dialect, to: after.dialect, spans: 0, changed: 0 };
    this.#dialects.set(key, sum);
    sum.spans++;
    this.#spans++;
    if (changed.length === 0) return;
    sum.changed++;
    this.#changed++;
    for (const field of changed) {
      this.#fields.set(field, (this.#fields.get(field) ?? 0) + 1);
      if (this.#samples.length < MOST_SAMPLES) this.#samples.push(sampleOf(field, before, after));
    }
  }

  answer(): Omit<Retranslation, "applied" | "nextCursor"> {
    return {
      spans: this.#spans,
      changedSpans: this.#changed,
      dialects: [...this.#dialects.values()],
      fields: [...this.#fields].map(([field, spans]) => ({ field, spans })),
      samples: this.#samples,
    };
  }
}

function sampleOf(field: keyof SpanRow, before: SpanRow, after: SpanRow): Retranslation["samples"][number] {
  const { trace_id: traceId, span_id: spanId, name } = before;
  return { traceId, spanId, name, field, before: shown(before[field]), after: shown(after[field]) };
}

function shown(value: SpanRow[keyof SpanRow]): string {
  const text = value === null ? "" : String(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…`.toWellFormed() : text;
}
