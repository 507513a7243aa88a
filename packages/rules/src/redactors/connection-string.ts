import { isConnectionScheme, isPlaceholder, urlAccountAt } from "../redact/url-account.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

const PART =
  /(?:^|[;"'\s?&])(?:password|pwd|accountkey|sharedaccesskey|sharedsecretvalue|accesskey|user ?password)\s?=\s?$/i;
const VALUE = /"[^"]{1,256}"|'[^']{1,256}'|\{[^}]{1,256}\}|[^;"'\s&<>\\]{1,512}/y;
/** Words of the other parts, of which one stands near. */
const OTHER_PARTS =
  /(?:server|data source|host|hostname|addr|address|database|initial catalog|dbname|user id|uid|user|username|endpoint|accountname|sharedaccesskeyname|driver|port|dsn)\s?=/i;
const NEAR = 128;

/** User and password in what a program connects to a database or a queue with. */
export const connectionString: Redactor = {
  name: "connection-string",
  summary:
    "user and password in the address of a database or a queue, and the password or key in `Server=…;Password=…`",
  source:
    "RFC 3986; documentation of PostgreSQL, MongoDB, Redis, RabbitMQ, ADO.NET, ODBC and Azure (connection strings)",
  standard: true,
  anchors: [
    { literal: "://" },
    { literal: "password=", ignoreCase: true },
    { literal: "password =", ignoreCase: true },
    { literal: "pwd=", ignoreCase: true },
    { literal: "accountkey=", ignoreCase: true },
    { literal: "accesskey=", ignoreCase: true },
  ],
  at(text, index): SecretRange | undefined {
    if (text[index] !== ":") return part(text, index);
    const account = urlAccountAt(text, index);
    if (account === undefined || !isConnectionScheme(account.scheme)) return undefined;
    return isPlaceholder(account.password) ? undefined : { start: account.start, end: account.end };
  },
};

function part(text: string, index: number): SecretRange | undefined {
  const start = text.indexOf("=", index) + 1;
  if (!PART.test(text.slice(Math.max(0, start - 32), start))) return undefined;
  VALUE.lastIndex = text[start] === " " ? start + 1 : start;
  const value = VALUE.exec(text)?.[0] ?? "";
  const end = VALUE.lastIndex;
  // The name of the next part is no value of this one.
  if (value === "" || isPlaceholder(value) || /^[A-Za-z]{2,16}=$/.test(value)) return undefined;
  const around = `${text.slice(Math.max(0, index - NEAR), index)} ${text.slice(end, end + NEAR)}`;
  const isQuoted = /^["'{]/.test(value);
  return OTHER_PARTS.test(around)
    ? { start: end - value.length + (isQuoted ? 1 : 0), end: isQuoted ? end - 1 : end }
    : undefined;
}
