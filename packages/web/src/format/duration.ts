/**
 * Milliseconds for people, three figures at most: `0.42 ms`, `812 ms`, `1.24 s`, `2 m 05 s`, `1 h 12 m`.
 * `null`, the length of something still running, is told as such.
 */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null) return "running";
  if (milliseconds < 1) return milliseconds === 0 ? "0 ms" : `${trim(milliseconds, 2)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds < 9.995 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
}

function trim(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? `<${10 ** -digits}` : text;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
