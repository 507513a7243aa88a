import type {
  ApiError,
  BudgetForm,
  BudgetList,
  BudgetReport,
  Catalogue,
  CostEstimate,
  CostExplanation,
  Facets,
  QueryAnswer,
  RelatedTraces,
  SpanDetail,
  Spend,
  TraceList,
  TraceSkeleton,
} from "@telltale/server/api-types";

/** Why the server did not answer, in words to show. `code` is `unreachable` when there was no answer at all. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: number, code: string, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** Which traces, by when they started (milliseconds since 1970) and by filter text. */
export interface Selection {
  readonly filter: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** One page of a list. */
export interface ListRequest extends Selection {
  readonly sort: string;
  readonly order: "asc" | "desc";
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type Parameters = Record<string, string | number | undefined>;

function address(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters))
    if (value !== undefined && value !== "") search.set(key, String(value));
  const text = search.toString();
  return `/api/v1${path}${text === "" ? "" : `?${text}`}`;
}

function isApiError(body: unknown): body is ApiError {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const error = body.error;
  return typeof error === "object" && error !== null && "message" in error && "code" in error;
}

async function failure(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isApiError(body)) return new ApiFailure(response.status, body.error.code, body.error.message, body.error.hint);
  return new ApiFailure(
    response.status,
    "http",
    `The server answered ${response.status} ${response.statusText}`.trim(),
  );
}

async function request<Answer>(url: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiFailure(0, "unreachable", "The server does not answer", "Is `npm start` still running?");
  }
  if (!response.ok) throw await failure(response);
  // The server's answers are typed by the same file that types them there.
  return (await response.json()) as Answer;
}

/** `GET /api/v1/traces` */
export function getTraces(list: ListRequest, signal?: AbortSignal): Promise<TraceList> {
  const { filter, from, to, sort, order, limit, cursor } = list;
  return request(address("/traces", { filter, from, to, sort, order, limit, cursor }), { signal: signal ?? null });
}

/** `GET /api/v1/facets` */
export function getFacets({ filter, from, to }: Selection, signal?: AbortSignal): Promise<Facets> {
  return request(address("/facets", { filter, from, to }), { signal: signal ?? null });
}

/** By what spend is split up. */
export const SPEND_KEYS = ["model", "provider", "service", "agent", "project", "user", "session", "tag"] as const;

/** One of {@link SPEND_KEYS}. */
export type SpendKey = (typeof SPEND_KEYS)[number];

/** `GET /api/v1/spend` */
export function getSpend(
  spend: { by: SpendKey; interval: "hour" | "day"; from?: number | undefined; to?: number | undefined },
  signal?: AbortSignal,
): Promise<Spend> {
  return request(address("/spend", spend), { signal: signal ?? null });
}

/** `GET /api/v1/traces/:traceId`, in one tree with the traces named. */
export function getTrace(
  traceId: string,
  { join = [], signal }: { readonly join?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<TraceSkeleton> {
  const path = `/traces/${encodeURIComponent(traceId)}`;
  return request(address(path, { join: join.join(",") }), { signal: signal ?? null });
}

/** `GET /api/v1/traces/:traceId/related` */
export function getRelatedTraces(traceId: string, signal?: AbortSignal): Promise<RelatedTraces> {
  return request(address(`/traces/${encodeURIComponent(traceId)}/related`), { signal: signal ?? null });
}

/** `GET /api/v1/traces/:traceId/spans/:spanId` */
export function getSpan(traceId: string, spanId: string, signal?: AbortSignal): Promise<SpanDetail> {
  const path = `/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`;
  return request(address(path), { signal: signal ?? null });
}

/** `POST /api/v1/query` */
export function postQuery(sql: string, signal?: AbortSignal): Promise<QueryAnswer> {
  return request(address("/query"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sql }),
    signal: signal ?? null,
  });
}

/** Which calls' cost is explained: of a trace, or of a time (milliseconds since 1970), perhaps of one model only. */
export interface CostRequest {
  readonly traceId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly model?: string | undefined;
}

/** `GET /api/v1/cost` */
export function getCost({ traceId, from, to, model }: CostRequest, signal?: AbortSignal): Promise<CostExplanation> {
  return request(address("/cost", { traceId, from, to, model }), { signal: signal ?? null });
}

/** `GET /api/v1/cost/estimate`: about what calls cost of which nobody told the tokens. */
export function getEstimate({ traceId, from, to, model }: CostRequest): Promise<CostEstimate> {
  return request(address("/cost/estimate", { traceId, from, to, model }), {});
}

/** `GET /api/v1/prices/catalogue` */
export function getCatalogue(
  { search, own }: { readonly search: string; readonly own: boolean },
  signal?: AbortSignal,
): Promise<Catalogue> {
  return request(address("/prices/catalogue", { search, own: own ? "true" : undefined }), { signal: signal ?? null });
}

/** Answer of `GET /api/v1/prices`; the file may hold anything. */
export interface OwnPrices {
  readonly file: unknown;
  readonly problems: readonly { readonly where: string; readonly problem: string }[];
}

/** `GET /api/v1/prices` */
export function getOwnPrices(signal?: AbortSignal): Promise<OwnPrices> {
  return request(address("/prices"), { signal: signal ?? null });
}

/** `PUT /api/v1/prices`; fails with what is wrong and where, and then nothing was changed. */
export function putOwnPrices(file: object): Promise<OwnPrices> {
  return request(address("/prices"), {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(file),
  });
}

/** `GET /api/v1/budgets/status` */
export function getBudgets(signal?: AbortSignal): Promise<BudgetReport> {
  return request(address("/budgets/status"), { signal: signal ?? null });
}

/** `PUT /api/v1/budgets`: makes a budget or replaces the one of its name; fails with what is wrong, and then nothing was changed. */
export function putBudget(budget: BudgetForm): Promise<BudgetList> {
  return request(address("/budgets"), {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(budget),
  });
}

/** `DELETE /api/v1/budgets` */
export function deleteBudget(name: string): Promise<BudgetList> {
  return request(address("/budgets", { name }), { method: "DELETE" });
}
