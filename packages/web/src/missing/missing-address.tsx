import type { ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { navigationPages } from "../shell/page-list.ts";
import styles from "./missing-page.module.css";
import { MissingPage } from "./missing-page.tsx";

/** An address that is no page's: which, and the pages that there are. */
export function MissingAddress(): ReactElement {
  const [path] = useLocation();
  return (
    <MissingPage title="There is no such page">
      <p>
        Nothing is at <code>{path}</code>. The link may be cut off, or of another version of Telltale.
      </p>
      <p>These are the pages:</p>
      <ul className={styles.actions}>
        {navigationPages.map((page) => (
          <li key={page.name}>
            <Link href={page.path}>{page.label}</Link>
          </li>
        ))}
      </ul>
    </MissingPage>
  );
}
