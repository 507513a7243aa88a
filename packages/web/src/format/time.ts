const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in one step: `now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`; older is a date. */
export function formatAgo(time: number, now: number): string {
  const age = now - time;
  if (age < -MINUTE) return formatDate(time);
  if (age < 5000) return "now";
  if (age < MINUTE) return `${Math.floor(age / 1000)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 14 * DAY) return `${Math.floor(age / DAY)} d ago`;
  return formatDate(time);
}

/** `2026-11-24 10:04:31.482` in the reader's own time zone. */
export function formatExact(time: number): string {
  const date = new Date(time);
  return `${formatDate(time)} ${formatClock(time)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** `2026-11-24`. */
export function formatDate(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** `10:04:31`. */
export function formatClock(time: number): string {
  const date = new Date(time);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
