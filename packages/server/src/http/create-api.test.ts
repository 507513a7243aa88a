import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queries } from "../queries/index.ts";
import type { Reader } from "../query.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace, testSpanId, testTraceId } from "../query/testing/trace-rows.ts";
import { StoreError } from "../store.ts";
import { createApi } from "./create-api.ts";
import { mediaIdOf, MediaStore } from "../media/media-store.ts";
import { FIXED_ROUTES } from "./fixed-routes.ts";
import { LiveFeed } from "./live-feed.ts";
import { BUDGET_FILE, BudgetFile } from "../budget/budget-file.ts";
import { OPERATIONS } from "./operations.ts";

let test: TestStore;
let server: Server;
let base: string;
let directory: string;
let failure: Error | undefined;
let ready = true;
const logged: string[] = [];

beforeAll(async () => {
  test = await openTestStore();
  await insertTrace(test, {
    id: "1",
    spans: [{ id: "1", columns: { input_type: "text", input: "x".repeat(20_000) } }],
  });
  directory = await mkdtemp(join(tmpdir(), "telltale-web-"));
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "index.html"), "<!doctype html><title>Telltale</title>");
  await writeFile(join(directory, "assets", "main-abc.js"), `console.log(1);${" ".repeat(5000)}`);
  const reader: Reader = {
    bytes: async (...read) => (failure ? Promise.reject(failure) : test.reader.bytes(...read)),
    rows: async (...read) => (failure ? Promise.reject(failure) : test.reader.rows(...read)),
  };
  const api = createApi({
    reader,
    live: new LiveFeed(),
    health: { ready: () => ready, status: () => ({ engine: "here" }) },
    metrics: { render: () => "telltale_spans_total 1\n" },
    version: "1.2.3",
    host: "127.0.0.1",
    hostNames: ["telltale.test"],
    webDirectory: directory,
    dataDirectory: directory,
    budgets: new BudgetFile(join(directory, BUDGET_FILE)),
    priceFile: join(directory, "prices", "telltale.prices.json"),
    rewrite: {
      reader,
      journal: { append: () => Promise.reject(new Error("a dry run writes nothing")) },
      reached: () => Promise.resolve(true),
    },
    log: (line) => logged.push(line),
  });
  server = createServer(api).listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await test.close();
  await rm(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  readonly json: () => unknown;
}

async function ask(
  path: string,
  options: { method?: string; headers?: { [name: string]: string }; body?: string } = {},
): Promise<Answer> {
  const request = httpRequest(base + path, { method: options.method ?? "GET", headers: options.headers ?? {} });
  request.end(options.body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  const text = (): string => (response.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
  return { status: response.statusCode!, headers: response.headers, bytes, json: () => JSON.parse(text()) as unknown };
}

/** An address under which each query answers 200. */
const ADDRESSES: { readonly [name: string]: string } = {
  cost: "/cost?from=0",
  facets: "/facets",
  "get-span": `/traces/${testTraceId("1")}/spans/${testSpanId("1")}`,
  "get-trace": `/traces/${testTraceId("1")}`,
  "get-trace-otlp": `/traces/${testTraceId("1")}/otlp`,
  "get-related-traces": `/traces/${testTraceId("1")}/related`,
  "get-trace-scores": `/traces/${testTraceId("1")}/scores`,
  "list-traces": "/traces?limit=5&filter=spans:1",
  query: "/query",
  reconcile: "/reconcile",
  spend: "/spend?by=user&interval=hour",
};

const BODIES: { readonly [name: string]: object } = {
  query: { sql: "SELECT 1 AS one" },
  reconcile: { content: "date,model,input_tokens\n2026-11-20,gpt-4o,1\n" },
};

const postOf = (body: object | undefined): { method: string; headers: Record<string, string>; body: string } => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("a file that came with a trace", () => {
  it("is given to be saved, is never run, and is not there where it was not kept", async () => {
    const content = Buffer.from("<script>alert(1)</script>");
    const sha256 = createHash("sha256").update(content).digest("base64");
    const store = new MediaStore(directory);
    store.announce({ type: "text/html", bytes: content.length, sha256 });
    expect(store.keep(mediaIdOf(sha256), content)).toBeUndefined();
    const answer = await ask(`/api/v1/media/${mediaIdOf(sha256)}`);
    expect([answer.status, answer.bytes]).toEqual([200, content]);
    expect(answer.headers).toMatchObject({
      "content-type": "text/html",
      "content-disposition": `attachment; filename="${mediaIdOf(sha256)}.html"`,
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    });
    for (const id of ["a".repeat(22), "..%2f..%2fetc%2fpasswd", "%00"])
      expect((await ask(`/api/v1/media/${id}`)).status).toBe(404);
  });
});

describe("every route", () => {
  it.each(queries.map((query) => [query.name, query] as const))(
    "of the query %s answers as described",
    async (name, query) => {
      const answer = await ask(`/api/v1${ADDRESSES[name]}`, query.method === "POST" ? postOf(BODIES[name]) : {});
      expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
      expect(query.output.safeParse(answer.json()).error).toBeUndefined();
    },
  );

  it("that is no query answers as described", async () => {
    await mkdir(join(directory, "prices"));
    const bodies: { readonly [name: string]: object } = {
      "write-budget": { name: "users", amount: "5", period: "day", each: "user" },
      "write-prices": { prices: [{ name: "mine", model: "a*", tokens: { input: "1" } }] },
      reprice: { from: 0 },
      retranslate: {},
    };
    const searches: { readonly [name: string]: string } = {
      "estimate-cost": "?from=0",
      "remove-budget": "?name=users",
    };
    // The one that takes away goes last.
    const sorted = OPERATIONS.toSorted(
      (one, other) => Number(one.method === "DELETE") - Number(other.method === "DELETE"),
    );
    for (const { name, method, path, output } of sorted) {
      const body = bodies[name];
      const search = searches[name] ?? "";
      const answer = await ask(`/api/v1${path}${search}`, body ? { ...postOf(body), method } : { method });
      expect([name, answer.status, answer.headers["content-type"]]).toEqual([name, 200, "application/json"]);
      expect([name, output.safeParse(answer.json()).error]).toEqual([name, undefined]);
    }
  });

  it("refuses all methods but its own", async () => {
    const paths = [
      ...queries.map((query) => ({ path: `/api/v1${ADDRESSES[query.name]!.split("?")[0]}`, method: query.method })),
      ...FIXED_ROUTES.map(({ path }) => ({ path, method: "GET" })),
    ];
    for (const { path, method } of paths)
      for (const other of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"].filter(
        (name) => name !== method,
      )) {
        const answer = await ask(path, { method: other });
        expect([path, other, answer.status]).toEqual([path, other, 405]);
        expect(answer.headers.allow).toBe(method === "GET" ? "GET, HEAD" : method);
        expect(answer.json()).toMatchObject({ error: { code: "wrong-method" } });
      }
  });

  it("that does not exist is 404, told as JSON", async () => {
    for (const path of [
      "/api",
      "/api/",
      "/api/v1",
      "/api/v1/nothing",
      "/api/v2/traces",
      "/v1/nothing",
      "/api/v1/traces/",
      "/missing.js",
    ])
      for (const method of ["GET", "POST"]) {
        const answer = await ask(path, { method });
        expect([path, method, answer.status]).toEqual([
          path,
          method,
          path === "/missing.js" && method === "POST" ? 405 : 404,
        ]);
        expect(answer.json()).toMatchObject({ error: { message: expect.any(String) } });
      }
  });

  it("and every error carries the security headers", async () => {
    for (const path of [
      "/",
      "/assets/main-abc.js",
      "/api/v1/traces",
      "/api/v1/nothing",
      "/api/v1/traces?limit=0",
      "/metrics",
    ]) {
      const { headers } = await ask(path);
      expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});

describe("a bad question", () => {
  it.each([
    ["/traces?limit=999", "limit", "at most 200"],
    ["/traces?limit=ten", "limit", undefined],
    ["/traces?sort=name", "sort", "one of startTime, durationMs, costNanos, totalTokens, spanCount, errorCount"],
    [
      "/traces?color=red",
      'there is no parameter "color"',
      "allowed: filter, project, from, to, sort, order, limit, cursor",
    ],
    ["/traces?__proto__=1", 'there is no parameter "__proto__"', expect.stringContaining("allowed")],
    ["/traces?limit=1&limit=2", 'the parameter "limit" comes twice', "send it once"],
    ["/traces?filter=modle:x", "filter, at character 1", "did you mean model?"],
    ["/traces/xyz", "traceId: a trace id is 32 hex digits", undefined],
    ["/spend?by=colour", "by", "one of model, provider, service, agent, project, user, session, tag"],
  ])("%s is told what to mend", async (path, message, hint) => {
    const answer = await ask(`/api/v1${path}`);
    expect(answer.status).toBe(400);
    const { error } = answer.json() as { error: { message: string; hint?: string } };
    expect(error.message).toContain(message);
    expect(error.hint).toEqual(hint);
  });

  it("in a body is one as well", async () => {
    const of = (body: string, type: string = "application/json"): Promise<Answer> =>
      ask("/api/v1/query", { method: "POST", headers: { "content-type": type }, body });
    expect((await of("{}")).json()).toMatchObject({
      error: { code: "bad-input", message: expect.stringContaining("sql") },
    });
    expect((await of("{")).status).toBe(400);
    expect((await of("[]")).status).toBe(400);
    expect((await of('{"sql":"SELECT 1"}', "text/plain")).status).toBe(415);
    expect((await of(`{"sql":"${"x".repeat(1_100_000)}"}`)).status).toBe(413);
    expect((await of('{"sql":"SELEC 1"}')).json()).toMatchObject({ error: { code: "bad-query" } });
  });

  it("is told whose fault it is", async () => {
    const cases = [
      [new StoreError("limit", "Timeout exceeded: elapsed 10 seconds"), 408, "too-slow"],
      [new StoreError("limit", "Limit for result exceeded"), 413, "too-much"],
      [new StoreError("unavailable", "the engine is restarting"), 503, "unavailable"],
      [new StoreError("failed", "disk"), 500, "engine-failed"],
      [new Error("secret detail"), 500, "internal"],
    ] as const;
    for (const [error, status, code] of cases) {
      failure = error;
      const answer = await ask("/api/v1/traces");
      failure = undefined;
      expect([answer.status, answer.json()]).toMatchObject([status, { error: { code } }]);
      expect(answer.headers["retry-after"]).toBe(status === 503 ? "1" : undefined);
      expect(answer.bytes.toString()).not.toContain("secret");
    }
    expect(logged.join()).toContain("secret detail");
  });
});

describe("the server", () => {
  it("answers only to its own names", async () => {
    for (const host of ["localhost", "localhost:1", "127.0.0.1:99", "[::1]:4318", "LOCALHOST", "telltale.test:8080"])
      expect([host, (await ask("/api/v1/health", { headers: { host } })).status]).toEqual([host, 200]);
    for (const host of ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test:4318", "[::2]", "a@localhost"])
      expect([host, (await ask("/api/v1/health", { headers: { host } })).status]).toEqual([host, 421]);
  });

  it("lets no page of another site ask", async () => {
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect((await ask("/api/v1/traces", { headers })).status).toBe(403);
    expect((await ask("/api/v1/traces", { headers: { ...headers, "sec-fetch-mode": "navigate" } })).status).toBe(200);
  });

  it("compresses large answers for those who can read them", async () => {
    const path = `/api/v1${ADDRESSES["get-span"]}`;
    const plain = await ask(path);
    expect([plain.headers["content-encoding"], plain.headers["vary"]]).toEqual([undefined, "Accept-Encoding"]);
    const small = await ask(path, { headers: { "accept-encoding": "br, gzip;q=0.5" } });
    expect(small.headers["content-encoding"]).toBe("gzip");
    expect(small.bytes.length).toBeLessThan(plain.bytes.length / 10);
    expect(small.json()).toEqual(plain.json());
    expect(
      (await ask(path, { headers: { "accept-encoding": "gzip;q=0" } })).headers["content-encoding"],
    ).toBeUndefined();
    const head = await ask(path, { method: "HEAD" });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
  });

  it("tells how it is", async () => {
    ready = false;
    expect((await ask("/api/v1/ready")).status).toBe(503);
    expect((await ask("/readyz")).headers["retry-after"]).toBe("1");
    expect((await ask("/healthz")).json()).toMatchObject({ status: "starting", ready: false, version: "1.2.3" });
    ready = true;
    expect((await ask("/api/v1/ready")).status).toBe(200);
    expect((await ask("/api/v1/health")).json()).toMatchObject({ status: "ok", details: { engine: "here" } });
    expect((await ask("/metrics")).bytes.toString()).toBe("telltale_spans_total 1\n");
  });

  it("serves the pages: files by name, one document for every page, and nothing else", async () => {
    const root = await ask("/");
    expect([root.headers["content-type"], root.headers["cache-control"]]).toEqual([
      "text/html; charset=utf-8",
      "no-cache",
    ]);
    for (const path of ["/traces", `/traces/${testTraceId("1")}?span=1`, "/spend"])
      expect((await ask(path)).bytes.toString()).toBe(root.bytes.toString());
    const script = await ask("/assets/main-abc.js", { headers: { "accept-encoding": "gzip" } });
    expect(script.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "content-encoding": "gzip",
    });
    const again = await ask("/assets/main-abc.js", { headers: { "if-none-match": script.headers.etag! } });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    for (const path of ["/../package.json", "/assets/%2e%2e/%2e%2e/x.js", "/assets/none.js"])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    const typed = await ask("/report.html", { headers: { accept: "text/html,*/*;q=0.8" } });
    expect([typed.status, typed.bytes.toString()]).toEqual([404, root.bytes.toString()]);
    expect((await ask("/traces", { method: "POST" })).status).toBe(405);
  });
});

describe("the OpenAPI document", () => {
  it("names every route, and every reference in it leads somewhere", async () => {
    const document = (await ask("/api/v1/openapi.json")).json() as {
      openapi: string;
      paths: {
        [path: string]: {
          [method: string]: {
            operationId: string;
            parameters?: { name: string; in: string; required: boolean; schema: object }[];
            requestBody?: object;
            responses: { 200: { content: object } };
          };
        };
      };
      components: { schemas: { [name: string]: object } };
    };
    expect(document.openapi).toBe("3.1.0");
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.toSorted()).toEqual(
      [
        ...queries.map((query) => `${query.method} /api/v1${query.path.replace(/:(\w+)/g, "{$1}")}`),
        ...OPERATIONS.map(({ method, path }) => `${method} /api/v1${path}`),
        ...FIXED_ROUTES.map(({ path }) => `GET ${path}`),
      ].toSorted(),
    );
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, method, parameters = [], requestBody, responses } of operations) {
      const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        parameters.filter((parameter) => parameter.in === "path" && parameter.required).map(({ name }) => name),
      ).toEqual(places);
      expect([method, requestBody !== undefined]).toEqual([method, method === "post" || method === "put"]);
      expect(Object.keys(responses[200].content)).toHaveLength(1);
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target!);
    expect(references.length).toBeGreaterThan(5);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\//);
      expect(document.components.schemas).toHaveProperty([reference.slice("#/components/schemas/".length)]);
    }
  });
});
