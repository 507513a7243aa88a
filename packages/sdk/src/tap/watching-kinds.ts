/**
 * Makes objects watched ones: each gets, as its prototype, an object that stands in front of its own prototype and has the
 * methods that `make` gives for that. The object itself stays as it is, of its class and with its own properties; to give it
 * eight properties of its own would take ten times as long. `make` runs once for each kind, and may refuse.
 */
export class WatchingKinds {
  readonly #make: (kind: object) => PropertyDescriptorMap | undefined;
  /** By prototype; undefined for those that are refused. */
  readonly #kinds = new WeakMap<object, object | undefined>();
  // Nearly all are of one kind.
  #lastKind: object | undefined;
  #lastWatching: object | undefined;

  constructor(make: (kind: object) => PropertyDescriptorMap | undefined) {
    this.#make = make;
  }

  /** False where it is not watched. */
  watch(object: object): boolean {
    const kind = Reflect.getPrototypeOf(object);
    if (kind === null) return false;
    if (kind !== this.#lastKind) {
      this.#lastWatching = this.#kinds.has(kind) ? this.#kinds.get(kind) : this.#begin(kind);
      this.#lastKind = kind;
    }
    return this.#lastWatching !== undefined && Reflect.setPrototypeOf(object, this.#lastWatching);
  }

  #begin(kind: object): object | undefined {
    const methods = this.#make(kind);
    const watching = methods === undefined ? undefined : (Object.create(kind, methods) as object);
    this.#kinds.set(kind, watching);
    return watching;
  }
}
