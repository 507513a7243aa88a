import { useQuery } from "@tanstack/react-query";
import type { BudgetReport, BudgetStatus } from "@telltale/server/api-types";
import { Plus } from "lucide-react";
import { type ReactElement, useState } from "react";
import { getBudgets } from "../data/client.ts";
import { Button } from "../ui/button.tsx";
import { EmptyNote, ErrorNote, LoadingNote } from "../ui/note.tsx";
import { useNow } from "../ui/use-now.ts";
import { BudgetCard } from "./budget-card.tsx";
import { BudgetDialog } from "./budget-dialog.tsx";
import styles from "./budgets-page.module.css";

/** Sums are kept, so asking is cheap; a minute is long for somebody who watches money go. */
const EVERY_MS = 30_000;

/** How much may be spent, by whom and what, and how much is. */
export function BudgetsPage(): ReactElement {
  const [open, setOpen] = useState<{ readonly budget: BudgetStatus | undefined }>();
  const report = useQuery({
    queryKey: ["budgets"],
    queryFn: ({ signal }) => getBudgets(signal),
    refetchInterval: EVERY_MS,
  });
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <h1 className={styles.title}>Budgets</h1>
        <span className={styles.remark}>They watch and hold nothing back; all times are UTC</span>
        <span className={styles.space} />
        <Button look="primary" onClick={() => setOpen({ budget: undefined })}>
          <Plus size={14} aria-hidden />
          Add a budget
        </Button>
      </header>
      <div className={styles.body}>
        {report.isPending && <LoadingNote label="Adding up" />}
        {report.isError && <ErrorNote error={report.error} onRetry={() => void report.refetch()} />}
        {report.isSuccess && <Report report={report.data} onEdit={(budget) => setOpen({ budget })} />}
      </div>
      {open && (
        <BudgetDialog
          budget={open.budget}
          names={report.data?.budgets.map(({ name }) => name) ?? []}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

interface ReportProps {
  readonly report: BudgetReport;
  readonly onEdit: (budget: BudgetStatus) => void;
}

function Report({ report: { budgets, problems }, onEdit }: ReportProps): ReactElement {
  const now = useNow();
  return (
    <>
      {problems.length > 0 && (
        <div role="alert" className={styles.problems}>
          <p>telltale.budgets.json was written by hand and is not used as it is; the last one that was right holds:</p>
          <ul>
            {problems.map(({ where, problem }) => (
              <li key={`${where} ${problem}`}>
                <code>{where}</code>: {problem}
              </li>
            ))}
          </ul>
        </div>
      )}
      {budgets.length === 0 && problems.length === 0 && (
        <EmptyNote title="There are no budgets">
          Say what may be spent: in all, by one user, session, model or agent, or by each of them.
        </EmptyNote>
      )}
      <div className={styles.cards}>
        {budgets.map((budget) => (
          <BudgetCard key={budget.name} budget={budget} now={now} onEdit={() => onEdit(budget)} />
        ))}
      </div>
    </>
  );
}
