/** A value as JSON. NaN and infinities, which JSON lacks, are written as text. */
export function documentJson(document: unknown): string {
  return hasUnbounded(document)
    ? JSON.stringify(document, (_, value) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      )
    : JSON.stringify(document)
}

/**
 * Whether a value contains NaN or an infinity. This search is five times as fast as passing a replacer to
 * `JSON.stringify`, which calls the replacer for each value.
 */
function hasUnbounded(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasUnbounded)
  for (const key in value) if (hasUnbounded(value[key as keyof typeof value])) return true
  return false
}

export function* jsonLines(records: Iterable<unknown>): Generator<string> {
  for (const record of records) yield `${documentJson(record)}\n`
}

/** Large enough for fast writes, small enough to need little memory. */
const chunkLetters = 65_536

/** The texts of the items with commas between them, in chunks. */
export function joined<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  text: (item: Item) => string,
): AsyncGenerator<string> {
  let comma = ''
  return chunked(items, (item) => {
    const whole = comma + text(item)
    comma = ','
    return whole
  })
}

export async function* chunked<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  text: (item: Item) => string,
): AsyncGenerator<string> {
  let chunk = ''
  for await (const item of items) {
    chunk += text(item)
    if (chunk.length < chunkLetters) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
