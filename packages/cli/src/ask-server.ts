import type { ApiError } from "@telltale/server/api-types";
import { CommandError } from "./command.ts";

/** An answer that takes longer than this will not come. */
const ANSWER_PATIENCE_MS = 60_000;

/**
 * Sends one request to the API and gives the JSON of its answer.
 * Throws `CommandError` when nobody answers or the server refuses, with the server's own hint.
 */
export async function askServer(server: URL, path: string, body?: unknown): Promise<unknown> {
  const response = await send(new URL(path, server), body);
  const text = await response.text();
  const answer = parse(text);
  if (response.ok && answer !== undefined) return answer;
  if (isApiError(answer))
    throw new CommandError(answer.error.message, answer.error.hint === undefined ? {} : { hint: answer.error.hint });
  throw new CommandError(`${server.origin} answered ${response.status} and not as Telltale does.`, {
    hint: "Is something else listening there? telltale doctor looks into it.",
  });
}

/** Throws `CommandError` when nobody answers there. What is answered does not matter: it may be starting yet. */
export async function expectAnswer(server: URL): Promise<void> {
  const { body } = await send(new URL("/api/v1/health", server));
  await body?.cancel();
}

async function send(url: URL, body?: unknown): Promise<Response> {
  const signal = AbortSignal.timeout(ANSWER_PATIENCE_MS);
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    return await fetch(url, body === undefined ? { signal } : { ...post, signal });
  } catch (cause) {
    throw new CommandError(`Nobody answers at ${url.origin}.`, {
      hint: "Start it with telltale serve, or say where it is with --url.",
      cause,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isApiError(answer: unknown): answer is ApiError {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return false;
  const { error } = answer;
  return typeof error === "object" && error !== null && "message" in error && typeof error.message === "string";
}
