import { Plus } from "lucide-react";
import { type ReactElement, type SyntheticEvent, useId, useState } from "react";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import {
  EMPTY_DRAFT,
  entryOf,
  type OwnPrice,
  type OwnRate,
  type PriceDraft,
  type PriceKind,
  problemsOf,
  rateOf,
} from "./own-price.ts";
import styles from "./prices-page.module.css";

interface OwnPriceFormProps {
  /** Rejects with what is wrong, in the server's words. */
  readonly onAdd: (entry: OwnPrice, rate: OwnRate | undefined) => Promise<unknown>;
  readonly isBusy: boolean;
}

interface FieldText {
  readonly field: keyof PriceDraft;
  readonly label: string;
  readonly placeholder?: string;
  readonly type?: "date";
}

const ABOUT: readonly FieldText[] = [
  { field: "name", label: "Name", placeholder: "contract 2026" },
  { field: "provider", label: "Provider", placeholder: "every" },
  { field: "model", label: "Model", placeholder: "every, or gpt-4o*" },
  { field: "from", label: "From", type: "date" },
  { field: "to", label: "Day after the last", type: "date" },
  { field: "tier", label: "Tier", placeholder: "every, or batch" },
];

const CURRENCY: readonly FieldText[] = [
  { field: "currency", label: "Currency", placeholder: "USD" },
  { field: "rate", label: "Dollars for one of it", placeholder: "as in the file" },
];

const TOKENS: readonly FieldText[] = [
  { field: "input", label: "Input, a million", placeholder: "0.20" },
  { field: "cacheRead", label: "Cache read", placeholder: "as input" },
  { field: "output", label: "Output", placeholder: "0.60" },
];

const KINDS: readonly { readonly kind: PriceKind; readonly label: string; readonly fields: readonly FieldText[] }[] = [
  { kind: "tokens", label: "By token", fields: [...TOKENS, ...CURRENCY] },
  {
    kind: "second",
    label: "By second, for a machine of one's own",
    fields: [{ field: "second", label: "A second", placeholder: "0.0005" }, ...CURRENCY],
  },
  {
    kind: "contract",
    label: "A contract: a factor on the catalogue's prices",
    fields: [{ field: "factor", label: "Times the catalogue's", placeholder: "0.85" }],
  },
];

/** Adds a price or a contract in front of the others. What is wrong is said at its field, by the server that checks it. */
export function OwnPriceForm({ onAdd, isBusy }: OwnPriceFormProps): ReactElement {
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [kind, setKind] = useState<PriceKind>("tokens");
  const [problems, setProblems] = useState<ReturnType<typeof problemsOf>>(new Map());
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    try {
      await onAdd(entryOf(draft, kind), rateOf(draft, kind));
      setDraft(EMPTY_DRAFT);
      setProblems(new Map());
    } catch (error) {
      setProblems(problemsOf(error instanceof Error ? error.message : String(error)));
    }
  };
  const fields = [...ABOUT, ...(KINDS.find((each) => each.kind === kind)?.fields ?? [])];
  const other = problems.get("");
  return (
    <form className={styles.form} aria-label="Add a price" noValidate onSubmit={(event) => void submit(event)}>
      <div className={styles.fields}>
        {fields.map((each) => (
          <TextField
            key={each.field}
            label={each.label}
            placeholder={each.placeholder}
            type={each.type}
            value={draft[each.field]}
            problem={problems.get(each.field)}
            onChange={(value) => setDraft({ ...draft, [each.field]: value })}
          />
        ))}
      </div>
      <Kinds kind={kind} onKind={setKind} />
      <Button type="submit" look="primary" disabled={isBusy}>
        <Plus size={14} aria-hidden />
        Add
      </Button>
      {other !== undefined && (
        <p role="alert" className={styles.problem}>
          {other}
        </p>
      )}
    </form>
  );
}

function Kinds({
  kind,
  onKind,
}: {
  readonly kind: PriceKind;
  readonly onKind: (kind: PriceKind) => void;
}): ReactElement {
  const name = useId();
  return (
    <fieldset className={styles.kinds}>
      <legend className={styles.hidden}>What is priced</legend>
      {KINDS.map((each) => (
        <label key={each.kind} className={styles.check}>
          <input type="radio" name={name} checked={kind === each.kind} onChange={() => onKind(each.kind)} />
          {each.label}
        </label>
      ))}
    </fieldset>
  );
}
