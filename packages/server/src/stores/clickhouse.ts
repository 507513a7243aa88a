import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { bindParameters } from "../store/bind-parameters.ts";
import { engineError } from "../store/engine-error.ts";
import { INSERT_SETTINGS } from "../store/insert-settings.ts";
import { inputStructure, nativeBlock } from "../store/native-block.ts";
import { OUTPUT_SETTINGS, readSettings, STATEMENT_BYTES } from "../store/read-settings.ts";
import type { Parameter, ReadOptions, Store } from "../store.ts";

/** How to reach a ClickHouse server or cluster over HTTP. */
export interface ClickhouseOptions {
  /** `http://host:8123`; user and password may stand in it. */
  readonly url: string;
}

/** Longer than any bound of a read or a sensible insert; a dead server is noticed by then. */
const REQUEST_MILLISECONDS = 120_000;
/** One for the writer, the rest for reads. */
const CONNECTIONS = 8;

/** Errors are thrown, not printed: the client would print statements with the content in them. */
const SILENT = { level: ClickHouseLogLevel.OFF };

type Settings = Readonly<Record<string, number | string>>;
type Client = ReturnType<typeof createClient>;

/** Makes the client; nothing is sent before the first statement. */
export function openClickhouse(options: ClickhouseOptions): Store {
  return new ClickhouseStore(options);
}

class ClickhouseStore implements Store {
  readonly name = "clickhouse";
  readonly #client: Client;
  /** The database of a person's bare table names is chosen when connecting. */
  readonly #personClient: Client;

  constructor({ url }: ClickhouseOptions) {
    const common = { url, request_timeout: REQUEST_MILLISECONDS, application: "telltale", log: SILENT };
    this.#client = createClient({ ...common, max_open_connections: CONNECTIONS });
    this.#personClient = createClient({ ...common, database: "telltale_v1", max_open_connections: 2 });
  }

  async exec(sql: string, parameters: Readonly<Record<string, Parameter>> = {}): Promise<void> {
    await send(this.#client, bindParameters(sql, parameters), {});
  }

  async insert({ table, target, batch, token }: Parameters<Store["insert"]>[0]): Promise<void> {
    if (batch.rows === 0) return;
    const sql =
      `INSERT INTO ${table} (${target.map(({ column }) => column).join(", ")}) ` +
      `SELECT ${target.map(({ expression }) => expression).join(", ")} ` +
      `FROM input('${inputStructure(batch)}') FORMAT Native`;
    const settings = { ...INSERT_SETTINGS, ...SERVER_INSERT_SETTINGS, insert_deduplication_token: token };
    await send(this.#client, sql, settings, { values: Readable.from(nativeBlock(batch), { objectMode: false }) });
  }

  async read(
    sql: string,
    parameters: Readonly<Record<string, Parameter>> = {},
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    const isPerson = options.lane === "person";
    const settings = { ...OUTPUT_SETTINGS, ...readSettings(options), readonly: isPerson ? 1 : 2 };
    // Not at the end of the SQL: there an EXPLAIN would take it as part of what is explained.
    const headers = { "X-ClickHouse-Format": options.format ?? "JSONCompact" };
    return send(isPerson ? this.#personClient : this.#client, bindParameters(sql, parameters), settings, { headers });
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#personClient.close()]);
  }
}

/** On a cluster: answer when every shard has its rows, and ask all shards in a nested SELECT. */
const SERVER_INSERT_SETTINGS = { async_insert: 0, distributed_foreground_insert: 1 };

/** For every request: the status tells of errors that come late, and a long list of ids is no mistake. */
const REQUEST_SETTINGS = { wait_end_of_query: 1, max_query_size: STATEMENT_BYTES, distributed_product_mode: "global" };

async function send(
  client: Client,
  query: string,
  settings: Settings,
  { values, headers }: { values?: Readable; headers?: Record<string, string> } = {},
): Promise<Uint8Array> {
  const request = {
    query,
    clickhouse_settings: { ...REQUEST_SETTINGS, ...settings } as Record<string, string | number>,
    ...(headers && { http_headers: headers }),
  };
  try {
    const { stream } = await client.exec(values ? { ...request, values } : request);
    return await buffer(stream);
  } catch (cause) {
    throw engineError(cause);
  }
}
