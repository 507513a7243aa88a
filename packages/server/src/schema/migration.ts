/** One step of the schema. Steps are applied in order, once, and never edited after a release. */
export interface Migration {
  /** From 1, without gaps: the version of the schema after it. */
  readonly number: number;
  readonly name: string;
  readonly tables: readonly Table[];
  /** Run after the tables are made; may be run again after a crash, so each is `… IF NOT EXISTS` or `OR REPLACE`. `{{on cluster}}`, `{{local}}` and `{{settled}}` are filled in. */
  readonly statements: readonly string[];
}

/** A table of `telltale_data`, without what differs between one server and a cluster. */
export interface Table {
  readonly name: string;
  /** Columns and indexes as SQL. */
  readonly columns: string;
  /** Of the MergeTree family, e.g. `ReplacingMergeTree(row)`. */
  readonly engine: string;
  /** `PARTITION BY … ORDER BY …` */
  readonly order: string;
  readonly settings?: Readonly<Record<string, number | string>>;
  /** On a cluster: which shard a row goes to. Rows that replace or sum up each other must meet. */
  readonly shardBy: string;
}

/** Where a schema is made. Without a cluster: one server, or the embedded engine. */
export interface SchemaTarget {
  /** As in `remote_servers` of the servers' configuration. */
  readonly cluster?: string;
  /**
   * The batch that the engine will insert again when it opens, since a crash may have cut it. What a table that is new
   * gets of it comes then: its rows are not `{{settled}}`.
   */
  readonly redone?: number;
}
