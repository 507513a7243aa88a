import type { ApiError } from "../api-types.ts";
import { QueryError } from "../query.ts";
import { StoreError } from "../store.ts";

/** An answer that says what went wrong. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: ApiError;
  /** Seconds after which to ask again. */
  readonly retryAfter?: number;
}

/** An error answer from its parts. */
export function errorAnswer(status: number, code: string, message: string, hint?: string): ErrorAnswer {
  return { status, body: { error: { code, message, ...(hint === undefined ? {} : { hint }) } } };
}

/** The engine is back in a few seconds at most when it had to be started again. */
const RETRY_AFTER_SECONDS = 1;

/** What a thrown error means to the asker. What is not theirs to know stays inside. */
export function answerToError(error: unknown): ErrorAnswer {
  if (error instanceof QueryError) {
    const answer = errorAnswer(error.status, error.code, error.message, error.hint);
    return error.status === 503 ? { ...answer, retryAfter: RETRY_AFTER_SECONDS } : answer;
  }
  if (!(error instanceof StoreError)) return errorAnswer(500, "internal", "the server failed to answer", "see its log");
  switch (error.code) {
    case "bad-query":
      return errorAnswer(400, "bad-query", error.message, "the views are described at /api/v1/openapi.json");
    case "limit":
      if (/time/i.test(error.message))
        return errorAnswer(408, "too-slow", error.message, "ask for less time or with a narrower filter");
      return errorAnswer(413, "too-much", error.message, "ask for fewer rows or columns, or aggregate");
    case "unavailable":
      return {
        ...errorAnswer(503, "unavailable", error.message, "ask again in a moment"),
        retryAfter: RETRY_AFTER_SECONDS,
      };
    case "failed":
      return errorAnswer(500, "engine-failed", error.message, "see the log of the server");
  }
}
