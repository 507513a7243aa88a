/** The account in an address: `user:password`, in front of the `@`. */
export interface UrlAccount {
  readonly start: number;
  readonly end: number;
  /** In lower case: `postgresql+asyncpg`. */
  readonly scheme: string;
  readonly user: string;
  readonly password: string;
  /** The beginning of what follows the `@`. */
  readonly host: string;
}

const LONGEST = 256;
const AT = 64;
const COLON = 58;
const SLASH = 47;
/** What no address has in it unescaped, and what stands around one. */
const ends = new Uint8Array(128).fill(1, 0, 33);
for (const character of "\"'<>`\\(){}|^") ends[character.charCodeAt(0)] = 1;

const PLACEHOLDER =
  /^(?:\*+|x{2,}|\.{2,}|…|<.*>?|\$.*|\{.*\}?|\[.*\]?|%[sdv@]|%\(.*|your[-_]?.*|my[-_]?password|(?:db_?|database_?)?(?:pass(?:word)?|pwd|secret|token)|changeme|redacted|not-redacted|example|placeholder)$/i;

/** Whether a password is only named, and not told. */
export function isPlaceholder(password: string): boolean {
  return PLACEHOLDER.test(password);
}

/** Reads the account of the address whose `://` stands here; undefined when it has none with a password. */
export function urlAccountAt(text: string, index: number): UrlAccount | undefined {
  const start = index + 3;
  let behind = start;
  let hasColon = false;
  let hasSign = false;
  for (; behind - start < LONGEST && behind < text.length; behind++) {
    const code = text.charCodeAt(behind);
    if (code === COLON) hasColon = true;
    else if (code === AT) hasSign = true;
    // Most addresses have a host and a path: then there is no account.
    else if (code === SLASH && (!hasColon || text.charCodeAt(behind + 1) === SLASH)) break;
    else if (code < 128 && ends[code] === 1) break;
  }
  if (!hasSign || !hasColon) return undefined;
  let rest = text.slice(start, behind);
  // A password may hold a slash though it should not; an `@` behind a path belongs to the path.
  const slash = rest.indexOf("/");
  const colon = rest.indexOf(":");
  if (slash >= 0 && (colon < 0 || colon > slash || /^:\d{1,5}$/.test(rest.slice(colon, slash))))
    rest = rest.slice(0, slash);
  const at =
    slash >= 0 && rest.indexOf("@") < slash && rest.includes("@")
      ? rest.lastIndexOf("@", slash)
      : rest.lastIndexOf("@");
  if (at <= 0 || at > LONGEST || colon < 0 || colon >= at - 1) return undefined;
  let first = index;
  while (index - first < 32 && /[A-Za-z0-9+.-]/.test(text[first - 1] ?? "")) first--;
  // The letter of an escape: `\npostgres://…` in JSON.
  if (text[first - 1] === "\\") first++;
  return {
    start,
    end: start + at,
    scheme: text.slice(first, index).toLowerCase(),
    user: rest.slice(0, colon),
    password: rest.slice(colon + 1, at),
    host: rest.slice(at + 1, at + 80),
  };
}

const DATABASE =
  /^(?:jdbc|odbc|postgres|postgresql|pgsql|mysql|mysqlx|mariadb|mongodb|redis|rediss|valkey|amqp|amqps|rabbitmq|mssql|sqlserver|oracle|clickhouse|cassandra|couchbase|couchdb|neo4j|bolt|cockroachdb|cockroach|snowflake|redshift|db2|influxdb|memcached|nats|kafka|ldap|ldaps|smtp|smtps|libsql|turso|milvus|duckdb|mqtt|mqtts|sqlite|trino|presto|hive|vertica|elasticsearch|opensearch|qdrant|surrealdb|firebird|dynamodb)(?:[+:][a-z0-9+.:_-]*)?$/;

/** Whether the scheme is that of a database, a queue or another service that a program connects to. */
export function isConnectionScheme(scheme: string): boolean {
  return DATABASE.test(scheme.replace(/^jdbc:/, ""));
}
