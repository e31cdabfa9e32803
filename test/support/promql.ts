/**
 * What a PromQL expression names: its metrics, each with the labels it is matched by, and the labels it is grouped by.
 * It reads as much of the language as the files of `deploy/` use, and throws on all else, so that nothing is passed over.
 */

export interface NamedMetric {
  readonly metric: string;
  readonly labels: readonly string[];
}

export interface Named {
  readonly metrics: readonly NamedMetric[];
  /** Of `by (…)`. */
  readonly groupedBy: readonly string[];
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  "abs",
  "changes",
  "histogram_quantile",
  "increase",
  "rate",
  "sum",
]);

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(\[(?:\d+[smhd]|\$__rate_interval)\])|([A-Za-z_:][\w:]*)|(\d+(?:\.\d+)?)|(=~|!~|!=|==|>=|<=|[-+*/<>=(){},]))/y;

/** @throws SyntaxError at what is not known. */
export function namedIn(expression: string): Named {
  const tokens = tokensOf(expression);
  const metrics: NamedMetric[] = [];
  const groupedBy: string[] = [];
  let at = 0;
  const next = (): string | undefined => tokens[at++];
  const expect = (wanted: string): void => {
    const token = next();
    if (token !== wanted) throw new SyntaxError(`${wanted} expected, not ${token}: ${expression}`);
  };
  const names = (end: string, each: () => void): string[] => {
    const found: string[] = [];
    while (tokens[at] !== end) {
      const name = next() ?? "";
      if (!isName(name)) throw new SyntaxError(`a label expected, not ${name}: ${expression}`);
      found.push(name);
      each();
      if (tokens[at] !== end) expect(",");
    }
    at++;
    return found;
  };
  const matcher = (): void => {
    if (!/^(=|!=|=~|!~)$/.test(next() ?? "")) throw new SyntaxError(`no matcher: ${expression}`);
    if (!next()?.startsWith('"')) throw new SyntaxError(`no text to match: ${expression}`);
  };
  for (let token = next(); token !== undefined; token = next()) {
    if (token === "{") throw new SyntaxError(`a selector without a metric: ${expression}`);
    if (!isName(token)) continue;
    if (token === "by") {
      expect("(");
      groupedBy.push(...names(")", () => undefined));
    } else if (FUNCTIONS.has(token)) {
      if (tokens[at] !== "(" && tokens[at] !== "by") throw new SyntaxError(`${token} of what: ${expression}`);
    } else if (tokens[at] === "{") {
      at++;
      metrics.push({ metric: token, labels: names("}", matcher) });
    } else {
      metrics.push({ metric: token, labels: [] });
    }
  }
  return { metrics, groupedBy };
}

function isName(token: string): boolean {
  return /^[A-Za-z_:]/.test(token);
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = expression.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[0].trim();
    if (token === undefined) throw new SyntaxError(`not understood from ${from} on: ${expression}`);
    tokens.push(token);
  }
  return tokens;
}
