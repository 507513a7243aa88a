import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import styles from "./menu.module.css";

interface MenuProps {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly align?: "start" | "end";
}

/** A menu below a button. Not modal: the page behind keeps scrolling, and no style element is injected. */
export function Menu({ trigger, children, align = "start" }: MenuProps): ReactElement {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align={align} sideOffset={5} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly children: ReactNode;
  readonly onSelect: () => void;
  /** Shows a tick when true, and room for one when false. */
  readonly checked?: boolean;
}

/** One line of a menu. */
export function MenuItem({ children, onSelect, checked }: MenuItemProps): ReactElement {
  if (checked === undefined)
    return (
      <DropdownMenu.Item className={styles.item} onSelect={onSelect}>
        {children}
      </DropdownMenu.Item>
    );
  return (
    <DropdownMenu.CheckboxItem className={styles.item} checked={checked} onSelect={onSelect}>
      <span className={styles.tick}>{checked && <Check size={14} aria-hidden />}</span>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}
