/** The part of OTLP/JSON that tests look at. */
interface JsonAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span of OTLP/JSON; values are text, numbers and lists as they are. */
export interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly traceState: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A data point of a sum. */
export interface JsonPoint {
  readonly metric: string;
  readonly temporality: number;
  readonly value: bigint;
  readonly start: bigint;
  readonly time: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function attributesOf(list: readonly JsonAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(
    list.map(({ key, value }) => [
      key,
      value["intValue"] === undefined ? Object.values(value)[0] : Number(value["intValue"]),
    ]),
  );
}

interface JsonRequest {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<JsonSpan, "attributes"> & { readonly attributes: readonly JsonAttribute[] })[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum: {
          readonly aggregationTemporality: number;
          readonly dataPoints: readonly {
            readonly asInt: string;
            readonly startTimeUnixNano: string;
            readonly timeUnixNano: string;
            readonly attributes: readonly JsonAttribute[];
          }[];
        };
      }[];
    }[];
  }[];
}

/** The spans of a request in JSON. */
export function spansOfJson(body: Buffer): JsonSpan[] {
  const { resourceSpans = [] } = JSON.parse(body.toString("utf8")) as JsonRequest;
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scoped) => scoped.spans));
  return spans.map((span) => ({
    ...span,
    traceState: span.traceState ?? "",
    attributes: attributesOf(span.attributes),
  }));
}

/** The data points of a request in JSON. */
export function pointsOfJson(body: Buffer): JsonPoint[] {
  const { resourceMetrics = [] } = JSON.parse(body.toString("utf8")) as JsonRequest;
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scoped) => scoped.metrics));
  return metrics.flatMap(({ name, sum }) =>
    sum.dataPoints.map((point) => ({
      metric: name,
      temporality: sum.aggregationTemporality,
      value: BigInt(point.asInt),
      start: BigInt(point.startTimeUnixNano),
      time: BigInt(point.timeUnixNano),
      attributes: attributesOf(point.attributes),
    })),
  );
}
