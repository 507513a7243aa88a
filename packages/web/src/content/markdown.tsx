import { lexer, type Token, type Tokens } from "marked";
import { Fragment, type ReactElement, type ReactNode, useMemo } from "react";
import { HeldImage } from "./held-image.tsx";
import styles from "./markdown.module.css";
import { safeLink } from "./safe-link.ts";

/** Lists and quotes inside each other beyond this are drawn as plain text. */
const DEEPEST = 24;

/**
 * Markdown of a stranger as elements. Only the lexer of the library is used: no HTML is ever made, and HTML in
 * the text stays text. Links lead out only by http(s) and mailto; images wait for a click.
 */
export function Markdown({ text }: { readonly text: string }): ReactElement {
  const tokens = useMemo(() => readTokens(text), [text]);
  return (
    <div className={styles.markdown}>
      {tokens === undefined ? <p className={styles.plain}>{text}</p> : blocks(tokens, 0)}
    </div>
  );
}

function readTokens(text: string): Token[] | undefined {
  try {
    return lexer(text, { gfm: true, breaks: true });
  } catch {
    return undefined;
  }
}

function blocks(tokens: readonly Token[], depth: number): ReactNode {
  return tokens.map((token, index) => <Fragment key={index}>{block(token, depth)}</Fragment>);
}

function block(token: Token, depth: number): ReactNode {
  if (depth > DEEPEST) return <p className={styles.plain}>{token.raw}</p>;
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "hr":
      return <hr />;
    case "heading":
      return (
        <p className={styles[`heading${Math.min(3, Number(token.depth))}`]}>{inline(token.tokens ?? [], depth + 1)}</p>
      );
    case "paragraph":
      return <p>{inline(token.tokens ?? [], depth + 1)}</p>;
    case "blockquote":
      return <blockquote>{blocks(token.tokens ?? [], depth + 1)}</blockquote>;
    case "code":
      return <Code token={token as Tokens.Code} />;
    case "list":
      return <List token={token as Tokens.List} depth={depth} />;
    case "table":
      return <Table token={token as Tokens.Table} depth={depth} />;
    case "text":
      return <p>{token.tokens ? inline(token.tokens, depth + 1) : plain(token)}</p>;
    default:
      return <p className={styles.plain}>{token.raw}</p>;
  }
}

function Code({ token }: { readonly token: Tokens.Code }): ReactElement {
  return (
    <pre className={styles.code} tabIndex={0}>
      {token.lang ? <span className={styles.language}>{token.lang}</span> : null}
      <code>{token.text}</code>
    </pre>
  );
}

function List({ token, depth }: { readonly token: Tokens.List; readonly depth: number }): ReactElement {
  const items = token.items.map((item, index) => (
    <li key={index} className={item.task ? styles.task : undefined}>
      {item.task && (
        <input
          type="checkbox"
          checked={item.checked === true}
          readOnly
          disabled
          aria-label={item.checked ? "done" : "not done"}
        />
      )}
      {item.tokens.map((part, at) => (
        <Fragment key={at}>
          {part.type === "text"
            ? inline(part.tokens ?? [part], depth + 1)
            : part.type === "checkbox"
              ? null
              : block(part, depth + 1)}
        </Fragment>
      ))}
    </li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={typeof token.start === "number" ? token.start : 1}>{items}</ol>;
}

function Table({ token, depth }: { readonly token: Tokens.Table; readonly depth: number }): ReactElement {
  return (
    <div className={styles.wide} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} className={alignClass(cell.align)}>
                {inline(cell.tokens, depth + 1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={alignClass(cell.align)}>
                  {inline(cell.tokens, depth + 1)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignClass(align: Tokens.TableCell["align"]): string | undefined {
  return align === "right" ? styles.right : align === "center" ? styles.centre : undefined;
}

function inline(tokens: readonly Token[], depth: number): ReactNode {
  return tokens.map((token, index) => <Fragment key={index}>{inlinePart(token, depth)}</Fragment>);
}

function inlinePart(token: Token, depth: number): ReactNode {
  if (depth > DEEPEST) return token.raw;
  const inside = (): ReactNode =>
    token.type !== "br" && "tokens" in token && token.tokens ? inline(token.tokens, depth + 1) : plain(token);
  switch (token.type) {
    case "br":
      return <br />;
    case "strong":
      return <strong>{inside()}</strong>;
    case "em":
      return <em>{inside()}</em>;
    case "del":
      return <del>{inside()}</del>;
    case "codespan":
      return <code className={styles.codespan}>{plain(token)}</code>;
    case "text":
    case "escape":
      return inside();
    case "link":
      return <Link token={token as Tokens.Link}>{inside()}</Link>;
    case "image":
      return <HeldImage address={(token as Tokens.Image).href} label={(token as Tokens.Image).text} />;
    default:
      return token.raw;
  }
}

function Link({ token, children }: { readonly token: Tokens.Link; readonly children: ReactNode }): ReactElement {
  const address = safeLink(token.href);
  if (address === undefined) return <span title={token.href}>{children}</span>;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener" title={address}>
      {children}
    </a>
  );
}

function plain(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}
