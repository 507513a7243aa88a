import type { Tab } from "../tab.ts";

const modules = import.meta.glob<Record<string, Tab>>("../tabs/*.tsx", { eager: true });

/** Every tab of the details, from the left. */
export const tabList: readonly Tab[] = Object.values(modules)
  .flatMap((module) => Object.values(module))
  .sort((left, right) => left.rank - right.rank);
