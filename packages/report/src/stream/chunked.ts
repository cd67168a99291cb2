/** Large enough for fast writes, small enough to need little memory. */
const chunkLetters = 65_536

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
