import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Catalogue } from "@telltale/server/api-types";
import { type ReactElement, useDeferredValue, useState } from "react";
import { getCatalogue } from "../data/client.ts";
import { bucketLabel } from "../details/cost-lines.ts";
import { formatCount } from "../format/count.ts";
import { exactCost, formatCost } from "../format/money.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../ui/note.tsx";
import styles from "./prices-page.module.css";

/** What the models of the catalogue cost now, by words in their names. */
export function CatalogueSearch(): ReactElement {
  const [search, setSearch] = useState("");
  const [own, setOwn] = useState(false);
  const asked = useDeferredValue(search);
  const catalogue = useQuery({
    queryKey: ["catalogue", asked, own],
    queryFn: ({ signal }) => getCatalogue({ search: asked, own }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <section className={styles.section} aria-labelledby="catalogue">
      <header className={styles.head}>
        <h2 id="catalogue" className={styles.heading}>
          Catalogue
        </h2>
        <input
          type="search"
          className={styles.input}
          value={search}
          placeholder="openai mini"
          aria-label="Search the catalogue"
          onChange={(event) => setSearch(event.target.value)}
        />
        <label className={styles.check}>
          <input type="checkbox" checked={own} onChange={(event) => setOwn(event.target.checked)} />
          Only what yours go before
        </label>
        {catalogue.isSuccess && <span className={styles.remark}>{countWords(catalogue.data)}</span>}
      </header>
      {catalogue.isPending && <LoadingNote label="Looking it up" />}
      {catalogue.isError && <ErrorNote error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
      {catalogue.isSuccess && <Models catalogue={catalogue.data} own={own} />}
    </section>
  );
}

function countWords({ models, total }: Catalogue): string {
  if (total === models.length) return `${formatCount(total)} ${total === 1 ? "model" : "models"}`;
  return `the first ${formatCount(models.length)} of ${formatCount(total)} models`;
}

interface ModelsProps {
  readonly catalogue: Catalogue;
  readonly own: boolean;
}

function Models({ catalogue, own: isOwn }: ModelsProps): ReactElement {
  if (catalogue.models.length === 0)
    return isOwn ? (
      <EmptyNote title="None">None of your prices goes before one of these models.</EmptyNote>
    ) : (
      <EmptyNote title="No such model">Give it a price of your own, above.</EmptyNote>
    );
  return (
    <div className={styles.wide} tabIndex={0} role="group" aria-label="Models and their prices">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Provider</th>
            <th scope="col">Dollars for a million</th>
            <th scope="col">Since</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {catalogue.models.map(({ provider, model, prices, since, source, largeAbove, own }) => (
            <tr key={`${provider} ${model} ${since}`}>
              <th scope="row">{model}</th>
              <td>{provider}</td>
              <td className={styles.prices}>
                {prices.length === 0 && "free"}
                <PriceList prices={prices} />
                {largeAbove !== null && (
                  <span className={styles.remark}>other prices above {formatCount(largeAbove)} input tokens</span>
                )}
                {own.map(({ name, tier, prices: ownPrices }) => (
                  <div key={`${name} ${tier}`} className={styles.own}>
                    <span className={styles.ownName}>
                      yours: {name}
                      {tier !== "" && `, in the ${tier} tier`}
                    </span>
                    <PriceList prices={ownPrices} />
                  </div>
                ))}
              </td>
              <td>{since || "ever"}</td>
              <td className={styles.remark}>{source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PriceList({ prices }: { readonly prices: Catalogue["models"][number]["prices"] }): ReactElement {
  return (
    <>
      {prices.map(({ bucket, nanosPerMillion }) => (
        <span key={bucket} title={exactCost(nanosPerMillion)}>
          {bucketLabel(bucket)} {formatCost(nanosPerMillion)}
        </span>
      ))}
    </>
  );
}
