/** Quotes a text so that a shell reads it as one word. */
export const shellWord = (text: string): string =>
  /^[\w./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
