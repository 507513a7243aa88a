import type { ReactElement } from "react";
import { CatalogueSearch } from "./catalogue-search.tsx";
import { OwnPrices } from "./own-prices.tsx";
import styles from "./prices-page.module.css";

/** One's own prices and contracts, and the catalogue they go before. */
export function PricesPage(): ReactElement {
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <h1 className={styles.title}>Prices</h1>
        <span className={styles.remark}>Your own go before the catalogue; the first that fits a call decides</span>
      </header>
      <div className={styles.body}>
        <OwnPrices />
        <CatalogueSearch />
      </div>
    </div>
  );
}
