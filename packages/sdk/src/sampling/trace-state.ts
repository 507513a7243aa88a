/** What OpenTelemetry's member of `tracestate` says of sampling. */
export interface OpenTelemetryState {
  readonly th: string | undefined;
  readonly rv: string | undefined;
}

const KEY = "ot=";
/** The specification's bound on our member. */
const LONGEST_MEMBER = 256;

/** Reads `ot=th:…;rv:…` in a W3C `tracestate`. */
export function readTraceState(traceState: string | undefined): OpenTelemetryState {
  const member = membersOf(traceState).find((each) => each.startsWith(KEY)) ?? KEY;
  const told = new Map<string, string>();
  for (const pair of member.slice(KEY.length).split(";")) {
    const colon = pair.indexOf(":");
    if (colon > 0) told.set(pair.slice(0, colon), pair.slice(colon + 1));
  }
  return { th: told.get("th"), rv: told.get("rv") };
}

/** The same `tracestate` with this threshold; undefined takes it out, because nobody knows it any more. */
export function withThreshold(traceState: string | undefined, th: string | undefined): string | undefined {
  const members = membersOf(traceState);
  const own = members.find((member) => member.startsWith(KEY))?.slice(KEY.length) ?? "";
  const rest = own.split(";").filter((pair) => pair !== "" && !pair.startsWith("th:"));
  const pairs = th === undefined ? rest : [`th:${th}`, ...rest];
  const member = `${KEY}${pairs.join(";")}`;
  const others = members.filter((each) => !each.startsWith(KEY));
  const told = pairs.length === 0 || member.length > LONGEST_MEMBER ? others : [member, ...others];
  return told.length === 0 ? undefined : told.join(",");
}

function membersOf(traceState: string | undefined): string[] {
  return (traceState ?? "")
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}
