/** What it is constructed with, so that the fields of a class below come onto that. */
class Itself {
  constructor(object: object) {
    return object;
  }
}

/**
 * Keeps a value with an object, for as long as that lives and seen by nobody: a private field that is put onto it. A
 * WeakMap takes ten times as long, for each call and in each collection of garbage. Throws where there is one already.
 */
export class Attached<T> extends Itself {
  readonly #value: T;

  constructor(object: object, value: T) {
    super(object);
    this.#value = value;
  }

  /** What was attached to the object, by whoever knows of what type that is. */
  static to(object: object): unknown {
    return #value in object ? object.#value : undefined;
  }
}
