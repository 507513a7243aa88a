/**
 * Digests of what Next.js throws to leave a function that did not fail: redirect, notFound, forbidden, unauthorized and its
 * own signals while it renders (`next/dist/client/components`, `next/dist/shared/lib/lazy-dynamic`).
 */
const DIGEST = /^(?:NEXT_|DYNAMIC_SERVER_USAGE$|BAILOUT_TO_CLIENT_SIDE_RENDERING$|HANGING_PROMISE_REJECTION$)/;

/** Whether what was thrown leads a framework on, and tells of no failure. */
export function isDetour(thrown: unknown): boolean {
  try {
    if (typeof thrown !== "object" || thrown === null || !("digest" in thrown)) return false;
    return typeof thrown.digest === "string" && DIGEST.test(thrown.digest);
  } catch {
    // A proxy of the program's own.
    return false;
  }
}
