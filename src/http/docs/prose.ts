import { type Markup, markup } from "../../markup/markup.ts";

/** Text in which `code` stands between back ticks, as descriptions have it. */
export function prose(text: string): Markup {
  const pieces = text.split("`");
  return markup`${pieces.map((piece, at) => (at % 2 === 1 ? markup`<code>${piece}</code>` : piece))}`;
}
