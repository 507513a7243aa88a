/** Variables of the process; those not set are undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting of the OTLP exporter: the one for traces wins over the one for all signals. */
export function exporterSetting(environment: Environment, name: string): string | undefined {
  return textOf(environment[`OTEL_EXPORTER_OTLP_TRACES_${name}`]) ?? textOf(environment[`OTEL_EXPORTER_OTLP_${name}`]);
}

/** OpenTelemetry takes an empty variable for one that is not set. */
export function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}

/** A number above zero; undefined for anything else. */
export function positiveOf(text: string | undefined): number | undefined {
  const number = Number(text);
  return number > 0 && Number.isFinite(number) ? number : undefined;
}

/** A whole number from zero on; undefined for anything else. */
export function countOf(text: string | undefined): number | undefined {
  const told = textOf(text);
  return told !== undefined && /^\d+$/.test(told) ? Number(told) : undefined;
}

/** `key=value,key=value` with percent-encoded values, as OpenTelemetry writes lists in the environment. */
export function pairsOf(text: string | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of (text ?? "").split(",")) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(0, equals)).trim();
    if (key === "") continue;
    const value = pair.slice(equals + 1).trim();
    try {
      found.set(key, decodeURIComponent(value));
    } catch {
      found.set(key, value);
    }
  }
  return found;
}
