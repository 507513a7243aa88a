import type { IncomingMessage } from "node:http";
import type { ZodType } from "zod";
import { QueryError } from "../query.ts";

/** A route that is no query: it writes, or answers from more than the store. As the OpenAPI document tells it. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Under `/api/v1`. */
  readonly path: string;
  /** Kebab-case; the OpenAPI operation id. */
  readonly name: string;
  readonly summary: string;
  /** Parameters of a GET or DELETE, else the JSON body. */
  readonly input: ZodType;
  /** The JSON answer. */
  readonly output: ZodType;
}

/** Where a route or a query is found. */
export function routeOf({ path }: { readonly path: string }): string {
  return `/api/v1${path}`;
}

/** Forms of other sites can send three types without asking (Fetch §2.2.2); JSON is none of them. Throws `QueryError`. */
export function requireJson(type: string | undefined): void {
  if (/^application\/json\s*(;|$)/i.test(type ?? "")) return;
  throw new QueryError(415, "wrong-type", "the body must be JSON", "send Content-Type: application/json");
}

/** The JSON of a request's body. Throws `QueryError` where it is none, or larger than `mostBytes`. */
export async function readJsonBody(request: IncomingMessage, mostBytes: number, example: string): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    size += piece.byteLength;
    if (size > mostBytes)
      throw new QueryError(413, "too-much", `the body is larger than ${mostBytes} bytes`, "send less");
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString());
  } catch (error) {
    const reason = error instanceof Error ? error.message : "it cannot be read";
    throw new QueryError(400, "bad-input", `the body is not JSON: ${reason}`, `send for example ${example}`);
  }
}

/** The fields of a request's body, which is a JSON object. Throws `QueryError` as {@link readJsonBody} does, or where it is none. */
export async function readJsonFields(
  request: IncomingMessage,
  mostBytes: number,
  example: string,
): Promise<[string, unknown][]> {
  const body = await readJsonBody(request, mostBytes, example);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new QueryError(400, "bad-input", "the body is not a JSON object", `send for example ${example}`);
  return Object.entries(body);
}
