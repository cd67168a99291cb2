/** Number of characters in a chunk: enough for cheap writes, few enough for memory. */
const chunkLetters = 65_536

/** The texts of items, one after the other, in chunks. */
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
