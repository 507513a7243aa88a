import { currentScope, runtime } from "../runtime.ts";
import { associate } from "../span/associate.ts";
import { type Association, inherit, isSettable, type SettableValue } from "../span/association.ts";

/** Facts of the program's own, under names that it chose. */
export type AssociationProperties = Readonly<Record<string, string>>;

/** The names that OpenLLMetry suggests. */
export const AssociationProperty: {
  readonly CUSTOMER_ID: "customer_id";
  readonly USER_ID: "user_id";
  readonly SESSION_ID: "session_id";
} = { CUSTOMER_ID: "customer_id", USER_ID: "user_id", SESSION_ID: "session_id" };

/** Runs the function so that all spans in it carry the properties: user and session as such, the rest as metadata. */
export function withAssociationProperties<A extends unknown[], T>(
  properties: AssociationProperties,
  fn: (this: unknown, ...args: A) => T,
  thisArg?: unknown,
  ...args: A
): T {
  return associated(properties, () => Reflect.apply(fn, thisArg, args));
}

/** Adds the properties to the active span and to those begun below it from now on. */
export function reportAssociationProperties(properties: AssociationProperties): void {
  associate((association) => addTo(association, properties));
}

/** Runs `work` with the properties added to those in force. */
export function associated<T>(properties: AssociationProperties | undefined, work: () => T): T {
  if (properties === undefined || runtime.pipeline === undefined) return work();
  const scope = currentScope();
  const association = inherit(scope);
  addTo(association, properties);
  return runtime.storage.run({ tapped: false, span: undefined, ...scope, ...association }, work);
}

function addTo(association: Association, properties: AssociationProperties): void {
  const metadata = new Map<string, SettableValue>(association.metadata ?? []);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name === AssociationProperty.USER_ID) association.userId = String(value);
    else if (name === AssociationProperty.SESSION_ID) association.sessionId = String(value);
    else if (isSettable(value)) metadata.set(name, value);
  }
  if (metadata.size > 0) association.metadata = metadata;
}
