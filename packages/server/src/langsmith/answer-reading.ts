import type { ApiAnswer, ApiRequest } from "../receive/answer-api.ts";
import type { JsonObject } from "../dialect/json-of.ts";
import { answerRun, answerRunInV2, answerRunQuery, answerRunQueryInV2, answerRunUrl } from "./answer-runs.ts";
import { answerFeedback } from "./list-feedback.ts";
import type { RunSource } from "./read-runs.ts";

/** A run, by the id in its path. */
const RUN = /^(v2\/)?runs\/([0-9a-fA-F-]{36})(\/url)?$/;

/** Answers what LangSmith's SDKs read back; `undefined` for every other request. `place` is the path without its base. */
export async function answerReading(
  place: string,
  { method, query, headers }: ApiRequest,
  body: () => Promise<JsonObject>,
  source: RunSource,
): Promise<ApiAnswer | undefined> {
  if (method === "POST") {
    if (place === "runs/query") return answerRunQuery(await body(), source);
    return place === "v2/runs/query" ? answerRunQueryInV2(await body(), source) : undefined;
  }
  if (method !== "GET") return undefined;
  if (place === "feedback") return answerFeedback(query, source.reader);
  const [, version, id, url] = RUN.exec(place) ?? [];
  if (id === undefined) return undefined;
  if (url !== undefined) return answerRunUrl(id, headers.host, source);
  return version === undefined ? answerRun(id, source) : answerRunInV2(id, query, source);
}
