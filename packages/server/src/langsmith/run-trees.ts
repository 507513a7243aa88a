import type { Reader, Row } from "../query.ts";
import { knownNumberOf, textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { isOneOf } from "../query/trace-selection.ts";
import { orderSegment, uuidOfSpan } from "./run-ids.ts";

/** Spans read to place the runs of an answer; of a trace that has more, runs are told without ancestors and sums. */
const MOST_SPANS = 200_000;
/** A longer chain of parents is a circle, or nobody's. */
const MOST_ANCESTORS = 200;

/** What a run used, alone or with all below it; `undefined` where nobody told. */
export interface UsageOfRun {
  readonly input: number | undefined;
  readonly output: number | undefined;
  /** Nano-dollars. */
  readonly cost: bigint | undefined;
}

interface Node {
  readonly id: string;
  readonly start: bigint;
  readonly parent: string;
  readonly own: UsageOfRun;
  /** With what every span below it added. */
  below: UsageOfRun;
}

const NOTHING: UsageOfRun = { input: undefined, output: undefined, cost: undefined };

/** The traces that runs lie in: ids of ancestors, `dotted_order`, and sums over what lies below a run. */
export class RunTrees {
  readonly #nodes = new Map<string, Node>();

  /** Reads the traces of these ids; no text of them but ids. */
  static async read(traceIds: readonly string[], reader: Reader): Promise<RunTrees> {
    const trees = new RunTrees();
    if (traceIds.length === 0) return trees;
    const parameters = new StatementParameters();
    const rows = await reader.rows(
      `SELECT trace_id, span_id, parent_span_id, toString(toUnixTimestamp64Nano(start_time)) AS start,
        ifNull(toString(attributes.\`langsmith.span.id\`), '') AS run_id, billing = 'billed' AS is_billed,
        input_tokens, output_tokens, cost_nanos
      FROM telltale_data.span_rows
      WHERE ${isOneOf(traceIds, parameters)} AND row NOT IN (SELECT row FROM telltale_data.superseded)
      ORDER BY row DESC LIMIT 1 BY project, trace_id, span_id LIMIT ${MOST_SPANS}`,
      parameters.values,
    );
    for (const row of rows) trees.#nodes.set(keyOf(textOf(row, "trace_id"), textOf(row, "span_id")), nodeOf(row));
    trees.#sum();
    return trees;
  }

  /** Ids of the runs above one, the root's first. */
  ancestors(traceId: string, spanId: string): readonly string[] {
    return this.#above(traceId, spanId).map(({ id }) => id);
  }

  /** Times and ids from the root's down to the run's own, as LangSmith's `dotted_order`. */
  order(traceId: string, spanId: string): string {
    const own = this.#nodes.get(keyOf(traceId, spanId));
    const path = own ? [...this.#above(traceId, spanId), own] : [];
    return path.map(({ start, id }) => orderSegment(start, id)).join(".");
  }

  /** What the run and all below it used, each call once. */
  below(traceId: string, spanId: string): UsageOfRun {
    return this.#nodes.get(keyOf(traceId, spanId))?.below ?? NOTHING;
  }

  #above(traceId: string, spanId: string): readonly Node[] {
    const found: Node[] = [];
    let parent = this.#nodes.get(keyOf(traceId, spanId))?.parent ?? "";
    while (parent !== "" && found.length < MOST_ANCESTORS) {
      const node = this.#nodes.get(parent);
      if (!node || found.includes(node)) break;
      found.push(node);
      parent = node.parent;
    }
    return found.toReversed();
  }

  #sum(): void {
    for (const node of this.#nodes.values()) {
      if (node.own === NOTHING) continue;
      let above: Node | undefined = node;
      for (let step = 0; above && step < MOST_ANCESTORS; step++) {
        above.below = sumOf(above.below, node.own);
        above = above.parent === "" ? undefined : this.#nodes.get(above.parent);
      }
    }
  }
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}/${spanId}`;
}

function nodeOf(row: Row): Node {
  const parent = textOf(row, "parent_span_id");
  return {
    id: textOf(row, "run_id") || uuidOfSpan(textOf(row, "span_id")),
    start: BigInt(textOf(row, "start")),
    parent: parent === "" ? "" : keyOf(textOf(row, "trace_id"), parent),
    own: row["is_billed"] ? usageIn(row) : NOTHING,
    below: NOTHING,
  };
}

/** What a row itself tells, of its columns `input_tokens`, `output_tokens` and `cost_nanos`. */
export function usageIn(row: Row): UsageOfRun {
  const cost = textOf(row, "cost_nanos");
  return {
    input: knownNumberOf(row, "input_tokens") ?? undefined,
    output: knownNumberOf(row, "output_tokens") ?? undefined,
    cost: cost === "" ? undefined : BigInt(cost),
  };
}

function sumOf(sum: UsageOfRun, own: UsageOfRun): UsageOfRun {
  return {
    input: own.input === undefined ? sum.input : (sum.input ?? 0) + own.input,
    output: own.output === undefined ? sum.output : (sum.output ?? 0) + own.output,
    cost: own.cost === undefined ? sum.cost : (sum.cost ?? 0n) + own.cost,
  };
}
