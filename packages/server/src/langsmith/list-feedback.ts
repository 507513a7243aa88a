import { createHash } from "node:crypto";
import type { Json } from "@telltale/model";
import { textAt } from "../dialect/attribute-readers.ts";
import { jsonOf, type JsonObject, memberOf, parseJson, textIn } from "../dialect/json-of.ts";
import { EVALUATION_EVENT, latestScores, scoreOfLog } from "../dialect/scores.ts";
import { logRecordFromJson } from "../engine/log-row.ts";
import { spanIdOf } from "../format/foreign-id.ts";
import type { Reader } from "../query.ts";
import { textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import type { ApiAnswer } from "../receive/answer-api.ts";
import { isoOf, uuidOfSpan, uuidOfTrace } from "./run-ids.ts";

/** Judgements looked through for one answer, the newest first. */
const MOST = 10_000;
/** Judgements of one page of a list; the SDKs ask for 100. */
const PAGE = 100;
const PREFIX = "langsmith.feedback.";

/** `GET /feedback?run=…&key=…&source=…`: what was told by LangSmith's API, and as log records by any other. */
export async function answerFeedback(query: URLSearchParams, reader: Reader): Promise<ApiAnswer> {
  const runs = new Map<string, string>(query.getAll("run").map((id) => [spanIdOf(id), id.toLowerCase()]));
  const keys = query.getAll("key");
  const sources = query.getAll("source");
  const all = (await feedbackOf([...runs.keys()], reader)).filter(
    (told) =>
      (keys.length === 0 || keys.includes(textIn(told, "key") ?? "")) &&
      (sources.length === 0 || sources.includes(textIn(memberOf(told, "feedback_source"), "type") ?? "")),
  );
  const offset = Math.max(0, Number(query.get("offset")) || 0);
  const limit = Math.min(PAGE, Math.max(1, Number(query.get("limit")) || PAGE));
  const page = all.slice(offset, offset + limit).map(({ spanId, ...told }) => ({
    ...told,
    run_id:
      memberOf(told, "run_id") ?? runs.get(String(spanId)) ?? (spanId === null ? null : uuidOfSpan(String(spanId))),
  }));
  return { status: 200, body: page };
}

/** Judgements of these spans, or of all, the newest first. */
async function feedbackOf(
  spanIds: readonly string[],
  reader: Reader,
): Promise<readonly (JsonObject & { spanId: Json })[]> {
  const parameters = new StatementParameters();
  const name = parameters.bind("String", EVALUATION_EVENT);
  const ids = spanIds.map((id) => parameters.bind("String", id)).join(", ");
  const rows = await reader.rows(
    `SELECT record FROM telltale_data.log_rows WHERE name = ${name}${ids === "" ? "" : ` AND span_id IN (${ids})`}
    ORDER BY time DESC, row DESC LIMIT ${MOST}`,
    parameters.values,
  );
  const told = rows.flatMap((row) => {
    const log = logRecordFromJson(textOf(row, "record"));
    const score = log && scoreOfLog(log);
    return log && score ? [{ ...score, log }] : [];
  });
  const logs = new Map(told.map(({ score, log }) => [score, log]));
  return latestScores(told)
    .toReversed()
    .flatMap(({ score, time, id }) => {
      const log = logs.get(score);
      if (!log) return [];
      const own = (key: string): Json => unpacked(jsonOf(log.attributes.get(PREFIX + key) ?? null));
      return {
        id: id !== "" ? id : idOf([score.traceId ?? "", score.spanId ?? "", score.name, String(time)]),
        created_at: own("created_at") ?? isoOf(time),
        modified_at: own("modified_at") ?? own("created_at") ?? isoOf(time),
        run_id: own("run_id"),
        trace_id: own("trace_id") ?? (score.traceId === undefined ? null : uuidOfTrace(score.traceId)),
        key: score.name,
        score: score.value,
        value: unpacked(textAt(log.attributes, "gen_ai.evaluation.score.label") ?? score.label ?? null),
        comment: score.explanation ?? null,
        correction: own("correction"),
        feedback_source: own("feedback_source") ?? {
          type: score.source === "llm" ? "model" : score.source === "human" ? "app" : "api",
        },
        spanId: score.spanId ?? null,
      };
    });
}

/** A member that was no plain value came as the JSON of it. */
function unpacked(value: Json): Json {
  return typeof value === "string" ? (parseJson(value) ?? value) : value;
}

/** A UUID for a judgement whose teller gave it none, always the same. */
function idOf(parts: readonly string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return uuidOfTrace(`${hex.slice(0, 12)}8${hex.slice(13, 16)}8${hex.slice(17, 32)}`);
}
