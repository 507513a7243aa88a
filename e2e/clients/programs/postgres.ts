import pg from "pg";
import { PSK_CIPHERS, SHARED_KEY } from "../servers/postgres.ts";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const [host = "", port] = String(process.env["SERVER_URL"]).split(":");
const server = { host, port: Number(port), user: "u", database: "d" };
const vector = "[0.123456,0.25,0.5]";
const NEAREST =
  "SELECT id, content, meta, embedding, embedding <=> $1 AS distance FROM docs WHERE lang = $3 ORDER BY 5 LIMIT $2";

const opened = new pg.Client(server);
await opened.connect();

await runScenarios({
  parameters: async (print) => print((await opened.query(NEAREST, [vector, 2, "en"])).rows),
  prepared: async (print) => {
    const ask = { name: "nearest", text: NEAREST, values: [vector, 5, "en"] };
    for (let count = 0; count < 2; count++) print((await opened.query(ask)).rowCount);
  },
  literals: async (print) => {
    const text = `select * from "my docs" where note = 'a <-> b' order by embedding <-> '${vector}' limit 7`;
    print((await opened.query(text)).rows.length);
  },
  others: async (print) => {
    for (const text of ["select 1", "select 'a <-> b' as words", "select p <-> point '(0,0)' from places"]) {
      print((await opened.query(text)).rowCount);
    }
    print((await opened.query("insert into docs values ($1)", [vector])).rowCount);
  },
  missing: async (print) => {
    await opened
      .query(`select * from missing order by e <=> '${vector}'`)
      .catch((error: Error) => print(error.message));
    print((await opened.query(NEAREST, [vector, 1, "en"])).rowCount);
  },
  secured: async (print) => {
    const ssl = { ciphers: PSK_CIPHERS, pskCallback: () => SHARED_KEY, checkServerIdentity: () => undefined };
    const client = new pg.Client({ ...server, ssl: { ...ssl, maxVersion: "TLSv1.2", rejectUnauthorized: false } });
    await client.connect();
    print((await client.query(NEAREST, [vector, 2, "en"])).rows.length);
    await client.end();
  },
  lost: async (print) => {
    const client = new pg.Client(server);
    client.on("error", () => {});
    await client.connect();
    await client
      .query(`select lost from docs order by e <=> '${vector}'`)
      .catch((error: Error) => print(error.message));
  },
  pool: async (print) => {
    const pool = new pg.Pool({ ...server, max: 2 });
    const users = Array.from({ length: 6 }, (_, index) =>
      trace.withSpan(`user ${index}`, async () => {
        await new Promise((resolve) => setTimeout(resolve, index));
        return pool.query(NEAREST, [vector, index + 1, "en"]);
      }),
    );
    print((await Promise.all(users)).map(({ rowCount }) => rowCount));
    await pool.end();
  },
});
await opened.end();
