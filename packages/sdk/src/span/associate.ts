import { currentScope, runtime } from "../runtime.ts";
import type { Association } from "./span-record.ts";

function associate(name: "sessionId" | "userId", value: string): void {
  if (runtime.pipeline === undefined || typeof value !== "string") return;
  const scope = currentScope();
  if (scope?.span !== undefined) {
    const association: Association = scope;
    association[name] = value;
    scope.span[name] = value;
  } else {
    runtime.storage.enterWith({ span: undefined, tapped: false, ...scope, [name]: value });
  }
}

/**
 * Says which conversation the active span belongs to, and every span begun below it from now on.
 * Without an active span it holds for what follows in the same piece of asynchronous program.
 */
export function setSession(id: string): void {
  associate("sessionId", id);
}

/** Says for whom the active span works; reaches as far as `setSession`. */
export function setUser(id: string): void {
  associate("userId", id);
}
