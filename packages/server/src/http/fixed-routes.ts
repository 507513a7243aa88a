import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { queries } from "../queries/index.ts";
import { errorAnswer } from "./api-error.ts";
import { type Api, type ApiContext, fail, refuseOtherMethods } from "./api-route.ts";
import type { LiveSource } from "./live-feed.ts";
import { LiveStream } from "./live-stream.ts";
import { openApiDocument } from "./open-api.ts";
import { OPERATIONS } from "./operations.ts";
import { sendAnswer } from "./send-answer.ts";

/** How the server is. */
export interface HealthSource {
  /** Whether questions are answered. */
  ready(): boolean;
  /** Details for people; JSON. */
  status(): object;
}

/** What the routes that are no queries answer from. */
export interface FixedRouteSources {
  readonly live: LiveSource;
  readonly health: HealthSource;
  /** Prometheus's text format. */
  readonly metrics: {
    render(): string;
    /** Called before each exposition; resolves within some seconds and throws nothing. */
    refresh?(): Promise<void>;
  };
  readonly version: string;
}

/** A route that is no query. */
export interface FixedRoute {
  readonly path: string;
  /** The OpenAPI operation id. */
  readonly name: string;
  readonly summary: string;
  /** Content type of the answer. */
  readonly type: string;
}

/** Routes that are no queries. All answer GET, and none asks the engine; that of media is `addMediaRoute`'s. */
export const FIXED_ROUTES: readonly FixedRoute[] = [
  { path: "/api/v1/openapi.json", name: "openapi", summary: "This document", type: "application/json" },
  {
    path: "/api/v1/live",
    name: "live",
    summary: "Traces as they arrive and grow, as server-sent events; send Last-Event-ID to go on after it",
    type: "text/event-stream",
  },
  {
    path: "/api/v1/media/{mediaId}",
    name: "media",
    summary: "A file that came with a trace, to be saved",
    type: "application/octet-stream",
  },
  { path: "/api/v1/health", name: "health", summary: "How the server is; always 200", type: "application/json" },
  {
    path: "/api/v1/ready",
    name: "ready",
    summary: "200 when questions are answered, else 503",
    type: "application/json",
  },
  { path: "/healthz", name: "healthz", summary: "The same as /api/v1/health", type: "application/json" },
  { path: "/readyz", name: "readyz", summary: "The same as /api/v1/ready", type: "application/json" },
  { path: "/metrics", name: "metrics", summary: "Own metrics in Prometheus's text format", type: "text/plain" },
];

/** Adds the document, the live feed, health and metrics. */
export function addFixedRoutes(app: Api, sources: FixedRouteSources): void {
  const { health, metrics, version } = sources;
  const startedAt = Date.now();
  const healthOf = (context: ApiContext): Response =>
    context.json({
      status: health.ready() ? "ok" : "starting",
      ready: health.ready(),
      version,
      uptimeMs: Date.now() - startedAt,
      details: health.status(),
    });
  const readinessOf = (context: ApiContext): Response =>
    health.ready()
      ? context.json({ ready: true })
      : fail({
          ...errorAnswer(503, "unavailable", "the engine is starting", "ask again in a moment"),
          retryAfter: 1,
        });
  app.get("/api/v1/health", healthOf);
  app.get("/healthz", healthOf);
  app.get("/api/v1/ready", readinessOf);
  app.get("/readyz", readinessOf);
  app.get("/metrics", async (context) => {
    await metrics.refresh?.();
    return context.body(metrics.render(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
  });
  addDocument(app, version);
  addLive(app, sources.live);
  for (const { path } of FIXED_ROUTES) if (!path.includes("{")) refuseOtherMethods(app, path, ["GET"]);
}

function addDocument(app: Api, version: string): void {
  let document: Buffer | undefined;
  app.get("/api/v1/openapi.json", async (context) => {
    document ??= Buffer.from(JSON.stringify(openApiDocument([...queries, ...OPERATIONS], FIXED_ROUTES, version)));
    const { incoming, outgoing } = context.env;
    await sendAnswer(incoming, outgoing, { status: 200, type: "application/json", pieces: [document] });
    return RESPONSE_ALREADY_SENT;
  });
}

function addLive(app: Api, live: LiveSource): void {
  const stream = new LiveStream(live);
  app.get("/api/v1/live", (context) => {
    if (context.req.method === "HEAD") return context.body(null, 200, { "Content-Type": "text/event-stream" });
    if (stream.full)
      return fail({
        ...errorAnswer(503, "too-many-readers", "too many pages are open", "close some"),
        retryAfter: 5,
      });
    const after = context.req.header("last-event-id");
    const { incoming, outgoing } = context.env;
    stream.serve(incoming, outgoing, after !== undefined && /^\d{1,16}$/.test(after) ? Number(after) : undefined);
    return RESPONSE_ALREADY_SENT;
  });
}
