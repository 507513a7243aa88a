import { X } from "lucide-react";
import type { ReactElement } from "react";
import type { CommandScope } from "../command.ts";
import { commandList } from "../command/command-list.ts";
import { IconButton } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { KeyCaps } from "../ui/key-caps.tsx";
import styles from "./key-help.module.css";

const SCOPES: readonly { readonly scope: CommandScope; readonly title: string }[] = [
  { scope: "everywhere", title: "Everywhere" },
  { scope: "traces", title: "List of traces" },
  { scope: "trace", title: "One trace" },
  { scope: "query", title: "Query" },
];

/** All keys, written from the list of commands: a key that is told here is one that works. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <Dialog label="Keys" onClose={onClose} className={styles.dialog}>
      <header className={styles.head}>
        <h2>Keys</h2>
        <IconButton label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <div className={styles.columns} tabIndex={0}>
        {SCOPES.map(({ scope, title }) => (
          <section key={scope} className={styles.group}>
            <h3 className={styles.title}>{title}</h3>
            <dl>
              {commandList
                .filter((command) => command.scope === scope)
                .map((command) => (
                  <div key={command.name} className={styles.line}>
                    <dt>{command.label}</dt>
                    <dd className={styles.keys}>
                      {command.keys.map((key) => (
                        <KeyCaps key={key} keyName={key} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
