import { field, parseJson } from "../json/read-json.ts";
import { bytesField, numberField, readFields } from "../reading/protobuf-fields.ts";

/** What a server did not take of a request that it took. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const ALL: PartialSuccess = { rejected: 0, message: "" };
const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/** Reads an ExportTraceServiceResponse or its twin for metrics. Nonsense is full success: the status said so. */
export function partialSuccessOf(body: Buffer, json: boolean): PartialSuccess {
  if (body.length === 0) return ALL;
  try {
    return json ? ofJson(parseJson(body.toString("utf8"))) : ofProtobuf(body);
  } catch {
    return ALL;
  }
}

function ofProtobuf(body: Buffer): PartialSuccess {
  const partial = bytesField(body, 1);
  return { rejected: numberField(partial, 1), message: bytesField(partial, 2).toString("utf8") };
}

function ofJson(body: unknown): PartialSuccess {
  const partial = field(body, "partialSuccess");
  const rejected = Number(field(partial, "rejectedSpans") ?? field(partial, "rejectedDataPoints") ?? 0);
  const message = field(partial, "errorMessage");
  return { rejected: rejected > 0 ? rejected : 0, message: typeof message === "string" ? message : "" };
}

/** Milliseconds of the RetryInfo in a google.rpc.Status, if there is one. */
export function retryInfoOf(status: Buffer): number | undefined {
  try {
    return retryDelay(status);
  } catch {
    return undefined;
  }
}

function retryDelay(status: Buffer): number | undefined {
  for (const detail of detailsOf(status)) {
    if (bytesField(detail, 1).toString("utf8") !== RETRY_INFO) continue;
    const delay = bytesField(bytesField(detail, 2), 1);
    return numberField(delay, 1) * 1000 + numberField(delay, 2) / 1e6;
  }
  return undefined;
}

function* detailsOf(status: Buffer): Generator<Buffer> {
  for (const { field: number, wireType, bytes } of readFields(status)) if (number === 3 && wireType === 2) yield bytes;
}
