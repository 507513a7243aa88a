import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

/*
 * As much of ClickHouse's HTTP interface as its client uses, over the embedded engine, so that the
 * driver for servers is tested with a real engine. Run by fork (one directory per process): sends
 * its port to the parent, ends with it.
 */

interface Session {
  query(sql: string): string;
  queryAsync(sql: string, options: { format: string }): Promise<{ bytes(): Uint8Array }>;
  close(): void;
}
type Chdb = { readonly Session: new (directory: string) => Session };

const { Session } = createRequire(import.meta.url)("chdb") as Chdb;
const directory = mkdtempSync(join(tmpdir(), "telltale-front-"));
/** Keeps the engine up between requests, which have sessions of their own. */
const keeper = new Session(directory);

/** Parameters of the interface; every other one is a setting. */
const OWN = new Set(["query", "database", "default_format", "wait_end_of_query", "query_id", "session_id", "role"]);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://front");
  if (url.pathname === "/ping") return void response.end("Ok.\n");
  const body = await buffer(request);
  const query = url.searchParams.get("query");
  const session = new Session(directory);
  try {
    const database = url.searchParams.get("database");
    if (database) session.query(`USE ${database}`);
    const settings = [...url.searchParams].filter(([name]) => !OWN.has(name));
    if (settings.length > 0) session.query(`SET ${settings.map(setting).join(", ")}`);
    const format = request.headers["x-clickhouse-format"];
    const sql = query === null ? body.toString() : withData(query, body);
    const result = await session.queryAsync(sql, { format: typeof format === "string" ? format : "TabSeparated" });
    response.end(result.bytes());
  } catch (error) {
    const message = error instanceof Error ? error.message.replace("Query failed: ", "") : String(error);
    const code = /Code: (\d+)/.exec(message)?.[1] ?? "1002";
    response.writeHead(500, { "X-ClickHouse-Exception-Code": code });
    response.end(`${message} (version 26.7.2.1)`);
  } finally {
    session.close();
  }
}

function setting([name, value]: [string, string]): string {
  return `${name} = '${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** The embedded engine takes no binary data beside a statement: it reads it from a file instead. */
function withData(query: string, data: Uint8Array): string {
  const path = join(directory, "insert.native");
  writeFileSync(path, data);
  return query.replace(/FROM input\('([^']*)'\) FORMAT Native$/, `FROM file('${path}', 'Native', '$1')`);
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => {
  keeper.close();
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
});
