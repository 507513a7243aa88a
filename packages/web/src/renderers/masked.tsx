import { EyeOff } from "lucide-react";
import type { ReactElement } from "react";
import styles from "../content/content.module.css";
import type { Renderer } from "../renderer.ts";

/** Content that the sender hid: it existed, and is not here. */
export const masked: Renderer = {
  name: "masked",
  rank: 50,
  fits: (content) => content.type === "masked",
  Component: Masked,
};

function Masked(): ReactElement {
  return (
    <p className={styles.masked}>
      <EyeOff size={15} aria-hidden />
      Hidden by the sender: it never reached this server
    </p>
  );
}
