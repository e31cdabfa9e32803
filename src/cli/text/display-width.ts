/** How many columns of a terminal a text takes: one a letter, two for those of East Asia and for emoji, none for marks. */

/** ASCII, and what lanes and lists are drawn with: nearly everything, and not worth a look at each letter. */
const NARROW = /^[\x20-\x7e\u2500-\u257f●○…✓✗→]*$/;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
const UNSEEN = /^[\p{M}\p{Default_Ignorable_Code_Point}]+$/u;
/** Those that Unicode's East Asian Width calls wide or fullwidth, by block. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;

const letters = new Intl.Segmenter();

export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of letters.segment(text)) width += letterWidth(segment);
  return width;
}

/** As much of it as fits, with `…` in place of the rest. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `${startOf(text, width - 1)}…`;
}

/** Lines of whole words; a word that fits no line is broken. At least one line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    while (displayWidth(word) > width) {
      const start = startOf(word, width) || word;
      lines.push(start);
      word = word.slice(start.length);
    }
    line = word;
  }
  return [...lines, line];
}

function startOf(text: string, width: number): string {
  let start = "";
  let left = width;
  for (const { segment } of letters.segment(text)) {
    left -= letterWidth(segment);
    if (left < 0) break;
    start += segment;
  }
  return start;
}

function letterWidth(letter: string): number {
  if (UNSEEN.test(letter)) return 0;
  return EMOJI.test(letter) || WIDE.test(letter) ? 2 : 1;
}
