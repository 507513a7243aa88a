import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Databases of the schema; the embedded engine's own user may touch no others. */
const DATABASES = ["telltale_data", "telltale_v1"];

/**
 * Writes the configuration of the embedded engine into its data directory, which is made when
 * missing, and returns the path of the file. `memoryBytes` bounds what the engine allocates.
 */
export function writeEngineConfig(directory: string, memoryBytes: number): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const users = join(directory, "engine-users.xml");
  const file = join(directory, "engine.xml");
  writeFileSync(users, usersXml(), { mode: 0o600 });
  writeFileSync(file, serverXml(memoryBytes, users), { mode: 0o600 });
  return file;
}

/**
 * No query log or other system log is kept: they would cost more inserts than a quiet server has.
 * Caches are small since the operating system's own is beside them.
 */
function serverXml(memoryBytes: number, users: string): string {
  return element("clickhouse", {
    users_config: users,
    max_server_memory_usage: memoryBytes,
    mark_cache_size: 64 << 20,
    index_mark_cache_size: 16 << 20,
    primary_index_cache_size: 32 << 20,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 0,
    mmap_cache_size: 0,
    query_cache: { max_size_in_bytes: 0 },
    // Merges take what inserts and pages leave of the machine.
    os_threads_nice_value_merge_mutate: 5,
    background_pool_size: MERGES,
    merge_tree: { number_of_free_entries_in_pool_to_lower_max_size_of_merge: MERGES },
    // A second merge waits while the first one fills this; inserts and pages need the rest.
    merges_mutations_memory_usage_soft_limit: Math.round(memoryBytes * MERGES_SHARE),
    background_merges_mutations_concurrency_ratio: 1,
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    background_common_pool_size: 1,
    background_schedule_pool_size: 2,
    background_buffer_flush_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    background_message_broker_schedule_pool_size: 1,
    max_thread_pool_size: 200,
    max_thread_pool_free_size: 8,
  });
}

/**
 * The one user has no rights on files, addresses, other engines or functions made by SQL: no
 * statement reaches out of the data directory, whoever wrote it.
 */
function usersXml(): string {
  const rights = "SELECT, INSERT, ALTER, CREATE, DROP, TRUNCATE, OPTIMIZE, SHOW, SYSTEM MERGES";
  const grants = [
    ...DATABASES.map((database) => `GRANT ${rights} ON ${database}.*`),
    "GRANT SELECT, SHOW ON system.*",
    "GRANT TABLE ENGINE ON *",
    "GRANT CREATE TEMPORARY TABLE ON *.*",
  ];
  const queries = grants.map((grant) => `<query>${grant}</query>`).join("");
  return `<clickhouse><profiles><default/></profiles><users><default><no_password/><profile>default</profile><grants>${queries}</grants></default></users></clickhouse>\n`;
}

/**
 * While two run, a third takes at most 1 MB × (150 GB / 1 MB)^(1/3), some 50 MB: small parts, each of which costs every
 * question, do not wait until a large merge is through.
 */
const MERGES = 3;

/** Of the engine's memory. One merge of 20 kB rows was seen to take a third. */
const MERGES_SHARE = 0.4;

type Xml = { readonly [name: string]: string | number | Xml };

function element(name: string, content: string | number | Xml): string {
  const inner =
    typeof content === "object"
      ? Object.entries(content)
          .map(([child, value]) => element(child, value))
          .join("\n")
      : String(content).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<${name}>${inner}</${name}>`;
}
