import type { View } from "../view.ts";

const modules = import.meta.glob<Record<string, View>>("../views/*.tsx", { eager: true });

/** Every view, in the order of its keys. */
export const viewList: readonly View[] = Object.values(modules)
  .flatMap((module) => Object.values(module))
  .sort((left, right) => left.order - right.order);
