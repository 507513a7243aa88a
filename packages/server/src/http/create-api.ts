import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { BudgetFile } from "../budget/budget-file.ts";
import type { RewriteParts } from "../front/store-entry.ts";
import type { Reader } from "../query.ts";
import { isAllowedHost, isLoopback } from "./allowed-host.ts";
import { answerToError, errorAnswer } from "./api-error.ts";
import { type Api, fail } from "./api-route.ts";
import { addBudgetRoutes } from "./budget-routes.ts";
import { addFixedRoutes, type FixedRouteSources } from "./fixed-routes.ts";
import { addMediaRoute } from "./media-route.ts";
import { addPages } from "./page-routes.ts";
import { addRetranslateRoute } from "./retranslate-route.ts";
import { addPriceRoutes } from "./price-routes.ts";
import { addQueries } from "./query-routes.ts";
import { setSecurityHeaders } from "./security-headers.ts";

/** What the API answers from. */
export interface ApiOptions extends FixedRouteSources {
  readonly reader: Reader;
  /** The address that the server listens on; a loopback one turns the check of `Host` on. */
  readonly host?: string;
  /** Names besides the loopback ones under which it may be asked for, e.g. behind a proxy. */
  readonly hostNames?: readonly string[];
  /** The file of somebody's own prices. */
  readonly priceFile?: string;
  /** Budgets; none are kept when absent. */
  readonly budgets?: BudgetFile;
  /** What it takes to price stored calls and to translate stored spans again; not offered when absent. */
  readonly rewrite?: RewriteParts;
  /** Where files that came with traces are kept; none are given when absent. */
  readonly dataDirectory?: string;
  /** Built web pages; without it only the API is served. */
  readonly webDirectory?: string;
  /** Told of errors that are nobody's but ours. */
  readonly log?: (line: string) => void;
}

/** Answers everything that is no telemetry: API, live feed, health, metrics and web pages. */
export function createApi(options: ApiOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const app: Api = new Hono();
  app.onError((error, context) => {
    const answer = answerToError(error);
    if (answer.status === 500)
      options.log?.(`${context.req.method} ${context.req.path}: ${error.stack ?? error.message}`);
    return fail(answer);
  });
  app.use("/api/*", async (context, next) => {
    // A page elsewhere must not start queries here, even though it could not read the answers.
    const foreign = context.req.header("sec-fetch-site") === "cross-site";
    if (foreign && context.req.header("sec-fetch-mode") !== "navigate")
      return fail(errorAnswer(403, "cross-site", "pages of another site may not ask this server"));
    return next();
  });
  addQueries(app, options.reader);
  addFixedRoutes(app, options);
  if (options.priceFile !== undefined) addPriceRoutes(app, options.priceFile, options.rewrite);
  if (options.budgets) addBudgetRoutes(app, options.budgets, options.reader);
  if (options.rewrite) addRetranslateRoute(app, options.rewrite);
  if (options.dataDirectory !== undefined) addMediaRoute(app, options.dataDirectory);
  addPages(app, options.webDirectory);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const checksHost = isLoopback(options.host ?? "127.0.0.1");
  return (request, response) => {
    setSecurityHeaders(response);
    if (checksHost && !isAllowedHost(request.headers.host, options.hostNames ?? [])) refuseHost(response);
    else void listener(request, response);
  };
}

function refuseHost(response: ServerResponse): void {
  const hint = "ask for localhost or 127.0.0.1, or allow the name in the configuration";
  const { status, body } = errorAnswer(421, "wrong-host", "this server does not go by that name", hint);
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
