import type { ReactElement } from "react";
import { keyCaps } from "../command/key-match.ts";
import styles from "./key-caps.module.css";

/** Whether this is a Mac, whose command key does what Ctrl does elsewhere. */
const IS_MAC = /mac/i.test(navigator.userAgent);

/** A key as it is printed on a keyboard. */
export function KeyCaps({ keyName }: { readonly keyName: string }): ReactElement {
  return (
    <span className={styles.caps}>
      {keyCaps(keyName, IS_MAC).map((cap, index) => (
        <kbd key={index} className={styles.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
