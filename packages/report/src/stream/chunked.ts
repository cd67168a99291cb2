/** Number of characters in a chunk: large enough for fast writes, small enough to need little memory. */
const chunkLetters = 65_536

/** Yields the texts of items, one after the other, in chunks. */
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
