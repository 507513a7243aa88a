/** One value of a metrics page: its name, its labels and the value. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads Prometheus' text exposition (version 0.0.4); lines that are none of it are left out. */
export function readPrometheus(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const match = LINE.exec(line);
    if (!match || line.startsWith("#")) return [];
    const [, name = "", labels = "", value = ""] = match;
    const pairs = [...labels.matchAll(LABEL)].map(([, key = "", raw = ""]): [string, string] => [key, unescape(raw)]);
    return [{ name, labels: new Map(pairs), value: Number(value.replace("Inf", "Infinity")) }];
  });
}

function unescape(raw: string): string {
  return raw.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

/** Sum over the samples of a name whose labels have the values asked for; `undefined` when there is none. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels);
  const found = samples.filter(
    (sample) => sample.name === name && wanted.every(([key, value]) => sample.labels.get(key) === value),
  );
  return found.length === 0 ? undefined : found.reduce((sum, sample) => sum + sample.value, 0);
}
