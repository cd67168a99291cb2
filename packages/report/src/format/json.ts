import { finiteJson as documentJson } from '@driftfarm/formula'

export { documentJson }

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
