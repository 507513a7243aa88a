/** Nano-dollars as dollars, exactly: every digit counts where two sums differ. */
export function dollars(nanos: string): string {
  const sign = nanos.startsWith("-") ? "-" : "";
  const digits = nanos.replace("-", "").padStart(10, "0");
  return `${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
