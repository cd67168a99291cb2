/** Quotes a text so that a shell reads it as one word. */
export const shellWord = (text: string): string =>
  /^[\w./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

/**
 * A command as it is typed into a shell. A page names a sweep by its id, because a name that several sweeps share
 * refers only to the newest of them.
 */
export function commandText(words: readonly string[], options: object = {}): string {
  const given = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    return value === true ? [`--${name}`] : [`--${name}`, shellWord(String(value))]
  })
  return ['driftfarm', ...words.map(shellWord), ...given].join(' ')
}
