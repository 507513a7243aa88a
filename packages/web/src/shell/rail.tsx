import { Keyboard, Monitor, Moon, Search, Sun } from "lucide-react";
import type { ReactElement } from "react";
import { Link, useRoute } from "wouter";
import { runCommand } from "../command/use-command.ts";
import { useConnection } from "../data/live.ts";
import { setPreferences, type Theme, usePreferences } from "../data/preferences.ts";
import type { Page } from "../page.ts";
import { IconButton } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Tooltip } from "../ui/tooltip.tsx";
import { navigationPages } from "./page-list.ts";
import styles from "./rail.module.css";

const THEMES: readonly { readonly name: Theme; readonly label: string }[] = [
  { name: "system", label: "As the system" },
  { name: "light", label: "Light" },
  { name: "dark", label: "Dark" },
];

/** The navigation on the left. */
export function Rail(): ReactElement {
  return (
    <nav className={styles.rail} aria-label="Pages">
      <Link href="/" className={styles.logo} aria-label="Telltale, to the traces">
        <Logo />
      </Link>
      {navigationPages.map((page) => (
        <RailLink key={page.name} page={page} />
      ))}
      <span className={styles.space} />
      <Connection />
      <IconButton label="Search commands" keys={["mod+k"]} onClick={() => runCommand("open-palette")}>
        <Search size={16} aria-hidden />
      </IconButton>
      <IconButton label="Keys" keys={["?"]} className={styles.keys} onClick={() => runCommand("show-keys")}>
        <Keyboard size={16} aria-hidden />
      </IconButton>
      <ThemeMenu />
    </nav>
  );
}

function RailLink({ page }: { readonly page: Page }): ReactElement {
  const [isHere] = useRoute(page.path);
  const [isTrace] = useRoute("/trace/:traceId");
  const isActive = isHere || (isTrace && page.path === "/");
  const Icon = page.navigation?.Icon;
  return (
    <Link
      href={page.path}
      className={classes(styles.link, isActive && styles.active)}
      aria-current={isHere ? "page" : undefined}
    >
      {Icon && <Icon size={19} strokeWidth={1.8} aria-hidden />}
      <span className={styles.label}>{page.label}</span>
    </Link>
  );
}

function Logo(): ReactElement {
  return (
    <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M10 6v20" stroke="var(--on-accent)" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M10 9c4-2.6 7 2.6 13 0v6c-6 2.6-9-2.6-13 0z" fill="var(--on-accent)" />
    </svg>
  );
}

const CONNECTION = {
  open: { label: "Live", title: "Connected: new traces appear by themselves" },
  connecting: { label: "Connecting", title: "Connecting to the live feed" },
  lost: { label: "Offline", title: "The live feed broke off; trying again. What you see may be old." },
} as const;

function Connection(): ReactElement {
  const state = useConnection((connection) => connection.state);
  const { label, title } = CONNECTION[state];
  return (
    <Tooltip text={title} side="right">
      <span className={styles.connection} role="status" tabIndex={0}>
        <span className={classes(styles.dot, styles[state])} />
        {label}
      </span>
    </Tooltip>
  );
}

function ThemeMenu(): ReactElement {
  const theme = usePreferences((preferences) => preferences.theme);
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme];
  const trigger = (
    <button type="button" className={styles.theme} aria-label="Colours" title="Colours">
      <Icon size={16} aria-hidden />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      {THEMES.map(({ name, label }) => (
        <MenuItem key={name} checked={theme === name} onSelect={() => setPreferences({ theme: name })}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}
