import { everywhere } from "./everywhere.ts";

/** Everything that browsers and workers have, under one name. Each function is also exported by itself. */
export const Telltale: typeof everywhere = everywhere;
