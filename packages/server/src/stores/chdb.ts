import { createRequire } from "node:module";
import { resolve } from "node:path";
import { arrowColumns } from "../store/arrow-columns.ts";
import { bindParameters } from "../store/bind-parameters.ts";
import { writeEngineConfig } from "../store/engine-config.ts";
import { engineError } from "../store/engine-error.ts";
import { INSERT_SETTINGS } from "../store/insert-settings.ts";
import { textLiteral } from "../store/literal.ts";
import { OUTPUT_SETTINGS, readSettings, settingsText, STATEMENT_BYTES } from "../store/read-settings.ts";
import { SessionPool } from "../store/session-pool.ts";
import { type Parameter, type ReadOptions, type Store, StoreError } from "../store.ts";

/** How to open the embedded engine. One directory per process, one process per directory. */
export interface ChdbOptions {
  /** Made when missing. */
  readonly directory: string;
  /** What the engine may allocate; 800 MB when absent. */
  readonly memoryBytes?: number;
  /** Reads that may run at once; 3 when absent. */
  readonly readers?: number;
}

/** The process stays below 1.1 GB with it: code and V8 take the rest. */
const MEMORY_BYTES = 800_000_000;
/** With the writer and a person's session: five threads of libuv's pool, which should have 16. */
const READERS = 3;

/** The part of the library that is used; the Arrow functions carry no types of their own. */
interface Chdb {
  readonly Session: new (directory: string, options: { connectionArgs: string[] }) => Session;
  _arrowRegisterColumns(connection: unknown, name: string, columns: readonly unknown[]): void;
  _arrowUnregister(connection: unknown, name: string): void;
  drainPending(): Promise<void>;
}

interface Session {
  readonly connection: unknown;
  query(sql: string, format?: string): string;
  queryAsync(sql: string, options: { format: string }): Promise<{ bytes(): Uint8Array }>;
  close(): void;
}

interface Reader {
  readonly session: Session;
  /** The settings it has now. */
  settings: string;
}

/** Opens the engine over a directory. The library is loaded here and not before. */
export function openChdb(options: ChdbOptions): Store {
  const loaded = createRequire(import.meta.url)("chdb") as Chdb & { readonly default?: Chdb };
  // Where conditions for ES modules hold (in a test runner), `require` gives the module around it.
  return new ChdbStore(loaded.default?.Session ? loaded.default : loaded, options);
}

const WRITER_SETTINGS = settingsText({ ...INSERT_SETTINGS, max_query_size: STATEMENT_BYTES, max_threads: 2 });
const READER_SETTINGS = settingsText({ ...OUTPUT_SETTINGS, max_query_size: STATEMENT_BYTES });

class ChdbStore implements Store {
  readonly name = "chdb";
  readonly #chdb: Chdb;
  readonly #openSession: () => Session;
  readonly #writer: SessionPool<Session>;
  readonly #readers: SessionPool<Reader>;
  /** One at a time; the session itself is new for each statement, as its settings are locked. */
  readonly #person: SessionPool<"turn">;
  #closed: Promise<void> | undefined;

  constructor(chdb: Chdb, options: ChdbOptions) {
    const directory = resolve(options.directory);
    const config = writeEngineConfig(directory, options.memoryBytes ?? MEMORY_BYTES);
    this.#chdb = chdb;
    this.#openSession = () => openSession(chdb, directory, config);
    const writer = this.#openSession();
    writer.query(`SET ${WRITER_SETTINGS}`);
    this.#writer = new SessionPool([writer]);
    this.#readers = new SessionPool(Array.from({ length: options.readers ?? READERS }, () => this.#openReader()));
    this.#person = new SessionPool(["turn"]);
  }

  #openReader(): Reader {
    const session = this.#openSession();
    session.query(`SET ${READER_SETTINGS}, readonly = 2`);
    return { session, settings: "" };
  }

  async exec(sql: string, parameters: Readonly<Record<string, Parameter>> = {}): Promise<void> {
    await this.#writer.use((session) => run(session, bindParameters(sql, parameters), "Null"));
  }

  async insert({ table, target, batch, token }: Parameters<Store["insert"]>[0]): Promise<void> {
    if (batch.rows === 0) return;
    const columns = arrowColumns(batch);
    const sql =
      `INSERT INTO ${table} (${target.map(({ column }) => column).join(", ")}) ` +
      `SETTINGS insert_deduplication_token = ${textLiteral(token)} ` +
      `SELECT ${target.map(({ expression }) => expression).join(", ")} FROM arrowstream('batch')`;
    await this.#writer.use(async (session) => {
      // The library reads this memory until it is told to let go.
      this.#chdb._arrowRegisterColumns(session.connection, "batch", columns);
      try {
        await run(session, sql, "Null");
      } finally {
        this.#chdb._arrowUnregister(session.connection, "batch");
      }
    });
  }

  async read(
    sql: string,
    parameters: Readonly<Record<string, Parameter>> = {},
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    const bound = bindParameters(sql, parameters);
    const format = options.format ?? "JSONCompact";
    const settings = settingsText(readSettings(options));
    if (options.lane === "person") return this.#person.use(() => this.#readForPerson(bound, format, settings));
    return this.#readers.use(async (reader) => {
      if (reader.settings !== settings) {
        await run(reader.session, `SET ${settings}`, "Null");
        reader.settings = settings;
      }
      return run(reader.session, bound, format);
    });
  }

  /** Locked: with `readonly = 1` no statement of the session can change a setting again. */
  async #readForPerson(sql: string, format: string, settings: string): Promise<Uint8Array> {
    const session = this.#openSession();
    try {
      await run(session, "USE telltale_v1", "Null");
      await run(
        session,
        `SET ${READER_SETTINGS}, ${settings}, implicit_select = 0, allow_ddl = 0, readonly = 1`,
        "Null",
      );
      return await run(session, sql, format);
    } finally {
      session.close();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const [writers, readers] = await Promise.all([this.#writer.close(), this.#readers.close(), this.#person.close()]);
    for (const session of writers) session.close();
    for (const { session } of readers) session.close();
    await this.#chdb.drainPending();
  }
}

function openSession(chdb: Chdb, directory: string, config: string): Session {
  try {
    return new chdb.Session(directory, { connectionArgs: [`--config-file=${config}`] });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("failed", `The engine cannot open ${directory}: ${reason}`, { cause });
  }
}

async function run(session: Session, sql: string, format: string): Promise<Uint8Array> {
  try {
    return (await session.queryAsync(sql, { format })).bytes();
  } catch (cause) {
    throw engineError(cause);
  }
}
