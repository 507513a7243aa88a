import type { Page } from "../page.ts";

const modules = import.meta.glob<Record<string, Page>>("../pages/*.tsx", { eager: true });

/** Every page. */
export const pageList: readonly Page[] = Object.values(modules).flatMap((module) => Object.values(module));

/** The pages of the navigation, in their order. */
export const navigationPages: readonly Page[] = pageList
  .filter((page) => page.navigation !== undefined)
  .sort((left, right) => (left.navigation?.order ?? 0) - (right.navigation?.order ?? 0));
