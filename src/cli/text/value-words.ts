/** Values of documents as they are read: a text in quotes, so that none looks like a number or like nothing. */

export function valueWords(value: unknown): string {
  return value === null || value === undefined ? "unset" : JSON.stringify(value);
}
