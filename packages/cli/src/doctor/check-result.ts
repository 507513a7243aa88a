/** What one look of the doctor found. */
export interface CheckResult {
  /** `ok`; `hint`: works, and may be why something else does not; `problem`: does not work. */
  readonly status: "ok" | "hint" | "problem";
  /** What was looked at: `port`. */
  readonly subject: string;
  /** What was found, in one sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}
