import { Search } from "lucide-react";
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import { runCommand, useHandlers } from "../command/use-command.ts";
import { classes } from "../ui/classes.ts";
import { Dialog } from "../ui/dialog.tsx";
import { KeyCaps } from "../ui/key-caps.tsx";
import styles from "./command-palette.module.css";
import { type PaletteEntry, paletteEntries } from "./palette-entries.ts";

const COMBOBOX = {
  autoFocus: true,
  placeholder: "Type a command, or paste a trace id",
  "aria-label": "Command or trace id",
  role: "combobox",
  "aria-expanded": true,
} as const;

/** Everything that can be done now, by typing a part of it; also opens a trace by its id. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [words, setWords] = useState("");
  const [picked, setPicked] = useState(0);
  const [, navigate] = useLocation();
  const usable = useHandlers((handlers) => handlers.byName);
  const entries = paletteEntries(words, (name) => usable.has(name));
  const list = useId();
  const act = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    if (entry.type === "trace") navigate(`/trace/${entry.traceId}`);
    else queueMicrotask(() => runCommand(entry.command.name));
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") act(entries[picked]);
    else if (step !== undefined) setPicked((picked + step + entries.length) % Math.max(1, entries.length));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label="Commands" onClose={onClose} className={styles.dialog}>
      <label className={styles.search}>
        <Search size={16} aria-hidden />
        <input
          {...COMBOBOX}
          className={styles.input}
          aria-controls={list}
          aria-activedescendant={entries.length > 0 ? `${list}-${picked}` : undefined}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setPicked(0);
          }}
          onKeyDown={onKey}
        />
      </label>
      <ul id={list} className={styles.list} role="listbox" aria-label="Commands">
        {entries.map((entry, index) => (
          <Entry
            key={entry.label}
            id={`${list}-${index}`}
            entry={entry}
            isPicked={index === picked}
            onPick={() => act(entry)}
          />
        ))}
      </ul>
      {entries.length === 0 && <p className={styles.none}>Nothing is called like that</p>}
    </Dialog>
  );
}

interface EntryProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly isPicked: boolean;
  readonly onPick: () => void;
}

function Entry({ id, entry, isPicked, onPick }: EntryProps): ReactElement {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isPicked) line.current?.scrollIntoView({ block: "nearest" });
  }, [isPicked]);
  const key = entry.type === "command" ? entry.command.keys[0] : undefined;
  return (
    <li
      ref={line}
      id={id}
      role="option"
      aria-selected={isPicked}
      className={classes(styles.entry, isPicked && styles.picked)}
      onClick={onPick}
    >
      {entry.label}
      {key !== undefined && <KeyCaps keyName={key} />}
    </li>
  );
}
