import type { Json } from "@telltale/model";
import { type JsonObject, textIn } from "../dialect/json-of.ts";

/** Runs remembered; a run takes some 300 bytes, so 6 MB. A patch follows its run within minutes. */
const MAX_RUNS = 20_000;
/** What a patch by hand leaves out, and what the run it belongs to had told. */
const FIELDS = ["trace_id", "session_name", "run_type", "parent_run_id", "dotted_order", "start_time"] as const;

type Told = { readonly [field in (typeof FIELDS)[number]]?: string };

/**
 * Which trace and project the latest runs belong to: the SDKs say it with every part of a run, but LangSmith's API does
 * not ask for it, and programs that call it by hand patch by the id alone.
 */
export class KnownRuns {
  readonly #runs = new Map<string, Told>();

  /** Remembers what a run told. */
  note(run: JsonObject): void {
    const id = textIn(run, "id");
    if (id === undefined) return;
    const told: { [field: string]: string } = { ...this.#runs.get(id) };
    for (const field of FIELDS) {
      const value = textIn(run, field);
      if (value !== undefined && value.length < 4096) told[field] = value;
    }
    this.#runs.delete(id);
    this.#runs.set(id, told);
    if (this.#runs.size <= MAX_RUNS) return;
    const oldest = this.#runs.keys().next();
    if (!oldest.done) this.#runs.delete(oldest.value);
  }

  /** The run with what it left out and is known of it, or of the run above it. */
  completed(run: JsonObject, id: string): JsonObject {
    if (textIn(run, "trace_id") !== undefined && textIn(run, "session_name") !== undefined) return run;
    const told = this.#runs.get(id);
    const above = this.#runs.get(textIn(run, "parent_run_id") ?? "");
    const found = told ?? { trace_id: above?.trace_id, session_name: above?.session_name };
    const filled: Record<string, Json> = Object.create(null);
    for (const [field, value] of Object.entries(found)) if (value !== undefined) filled[field] = value;
    return { ...run, ...filled, ...saidBy(run) };
  }
}

/** The members of a run that say something. */
function saidBy(run: JsonObject): JsonObject {
  const told: Record<string, Json> = Object.create(null);
  for (const [key, value] of Object.entries(run)) if (value !== null && value !== undefined) told[key] = value;
  return told;
}
