/** Each tag as text, such as `paper: sgd-noise`. */
export const tagTexts = (tags: Readonly<Record<string, string>>): string[] =>
  Object.entries(tags).map((tag) => tag.filter(Boolean).join(': '))

/** Reads a tag from each line, as `key: value`. The value is empty if there is none. */
export const tagsOf = (text: string) =>
  text.split('\n').flatMap((line): [key: string, value: string][] => {
    const [key = '', ...value] = line.split(':')
    return line.trim() === '' ? [] : [[key.trim(), value.join(':').trim()]]
  })

/** Says which key has several values; null if no key has. */
export function tagsMistake(text: string): string | null {
  const keys = tagsOf(text).map(([key]) => key)
  const twice = keys.find((key, at) => keys.indexOf(key) < at)
  return twice === undefined ? null : `Several lines have the key ${twice}. A key has one value, so keep one line.`
}
