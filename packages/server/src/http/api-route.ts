import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { type ErrorAnswer, errorAnswer } from "./api-error.ts";

/** The router, with Node's own request and response behind each context. */
export type Api = Hono<{ Bindings: HttpBindings }>;

/** A request on its way through the router. */
export type ApiContext = Context<{ Bindings: HttpBindings }>;

/** An error as the answer. */
export function fail(answer: ErrorAnswer): Response {
  const headers = new Headers({ "Content-Type": "application/json" });
  if (answer.retryAfter !== undefined) headers.set("Retry-After", String(answer.retryAfter));
  if (answer.status === 413) headers.set("Connection", "close");
  return new Response(JSON.stringify(answer.body), { status: answer.status, headers });
}

/** Answers every method of a path that has no route of its own with 405 and those that it has. */
export function refuseOtherMethods(app: Api, path: string, allowed: readonly string[]): void {
  const names = allowed.includes("GET") ? [...allowed, "HEAD"] : allowed;
  app.all(path, (context) => {
    const { method } = context.req;
    context.env.outgoing.setHeader("Allow", names.join(", "));
    return fail(errorAnswer(405, "wrong-method", `${method} is not possible here`, `use ${names.join(" or ")}`));
  });
}
