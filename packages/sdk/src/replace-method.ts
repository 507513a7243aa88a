/** A method of something that is watched: nothing is known of what it takes and gives. */
export type Method = (...values: unknown[]) => unknown;

function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}

/** The method of this name, bound to its object; undefined when there is none. */
export function boundMethod(target: object, name: string | symbol): Method | undefined {
  const method: unknown = Reflect.get(target, name);
  return isMethod(method) ? (...values): unknown => Reflect.apply(method, target, values) : undefined;
}

/**
 * Puts a function in the place of one object's method, for this object only and not visible
 * among its keys. `make` gets the method that was there. Does nothing where there is no such
 * method or the object is frozen.
 */
export function replaceMethod(target: object, name: string | symbol, make: (method: Method) => Method): void {
  const method = boundMethod(target, name);
  if (method === undefined) return;
  Reflect.defineProperty(target, name, {
    value: make(method),
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
