import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { KeyCaps } from "./key-caps.tsx";
import styles from "./tooltip.module.css";

/** Goes once around the pages, so that a second hint comes without waiting. */
export function TooltipProvider({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Radix.Provider delayDuration={350} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}

interface TooltipProps {
  readonly text: ReactNode;
  readonly keys?: readonly string[];
  readonly side?: "top" | "right" | "bottom" | "left";
  readonly children: ReactElement;
}

/** A hint on hover and focus. It repeats or adds to what is there, and is never the only way to know. */
export function Tooltip({ text, keys, side = "bottom", children }: TooltipProps): ReactElement {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys?.[0] !== undefined && <KeyCaps keyName={keys[0]} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
