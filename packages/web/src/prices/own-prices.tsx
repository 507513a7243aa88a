import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import type { ReactElement } from "react";
import { getOwnPrices, putOwnPrices } from "../data/client.ts";
import { IconButton } from "../ui/button.tsx";
import { ErrorNote, LoadingNote } from "../ui/note.tsx";
import { fileOf, type OwnPrice, type OwnPriceFile, priceWords, rateWords, withEntry } from "./own-price.ts";
import { OwnPriceForm } from "./own-price-form.tsx";
import styles from "./prices-page.module.css";

/** The entries of one's own file of prices, and a form for one more. */
export function OwnPrices(): ReactElement {
  const client = useQueryClient();
  const own = useQuery({ queryKey: ["own-prices"], queryFn: ({ signal }) => getOwnPrices(signal) });
  const write = useMutation({
    mutationFn: async (change: (file: OwnPriceFile) => OwnPriceFile) =>
      // The file as it is now: somebody may have written it meanwhile.
      putOwnPrices(change(fileOf((await getOwnPrices()).file))),
    onSettled: () =>
      Promise.all(["own-prices", "catalogue"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  if (own.isPending) return <LoadingNote label="Reading your prices" />;
  if (own.isError) return <ErrorNote error={own.error} onRetry={() => void own.refetch()} />;
  const file = fileOf(own.data.file);
  const { prices } = file;
  const rates = rateWords(file);
  const remove = (index: number, entry: OwnPrice): void =>
    write.mutate((now) => ({
      ...now,
      prices: now.prices.filter((one, place) => place !== index || JSON.stringify(one) !== JSON.stringify(entry)),
    }));
  return (
    <section className={styles.section} aria-labelledby="own-prices">
      <header className={styles.head}>
        <h2 id="own-prices" className={styles.heading}>
          Your own
        </h2>
        <span className={styles.remark}>For calls that arrive from now on; telltale reprice is for those stored</span>
      </header>
      {own.data.problems.length > 0 && <Problems problems={own.data.problems} />}
      {prices.length === 0 ? (
        <p className={styles.remark}>There are none: the catalogue decides.</p>
      ) : (
        <Entries prices={prices} onRemove={remove} />
      )}
      {rates.length > 0 && <p className={styles.rates}>Rates of exchange: {rates.join("; ")}</p>}
      <OwnPriceForm
        onAdd={(entry, rate) => write.mutateAsync((now) => withEntry(now, entry, rate))}
        isBusy={write.isPending}
      />
    </section>
  );
}

function Problems({
  problems,
}: {
  readonly problems: readonly { readonly where: string; readonly problem: string }[];
}): ReactElement {
  return (
    <div role="alert" className={styles.problems}>
      <p>The file was written by hand and is not used as it is; the last one that was right is:</p>
      <ul>
        {problems.map(({ where, problem }) => (
          <li key={`${where} ${problem}`}>
            <code>{where}</code>: {problem}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface EntriesProps {
  readonly prices: readonly OwnPrice[];
  readonly onRemove: (index: number, entry: OwnPrice) => void;
}

function Entries({ prices, onRemove }: EntriesProps): ReactElement {
  const text = (entry: OwnPrice, field: string, none: string): string => {
    const value = entry[field];
    return typeof value === "string" && value !== "" ? value : none;
  };
  return (
    <div className={styles.wide} tabIndex={0} role="group" aria-label="Your prices in their order">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Provider</th>
            <th scope="col">Model</th>
            <th scope="col">Price for a million</th>
            <th scope="col">Days</th>
            <th scope="col">
              <span className={styles.hidden}>Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {prices.map((entry, index) => (
            <tr key={`${index} ${JSON.stringify(entry)}`}>
              <th scope="row">{text(entry, "name", "")}</th>
              <td>{text(entry, "provider", "every")}</td>
              <td>{text(entry, "model", "every")}</td>
              <td>{priceWords(entry)}</td>
              <td>
                {text(entry, "from", "ever")} – {text(entry, "to", "open")}
              </td>
              <td className={styles.action}>
                <IconButton
                  label={`Remove ${text(entry, "name", "this price")}`}
                  onClick={() => onRemove(index, entry)}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
