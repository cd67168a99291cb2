/**
 * Number of items between two reports. Each report reads the clock, which would take too long for each of a million
 * items.
 */
const every = 64

/** Passes the items through. `report` gets the number of items passed so far. */
export async function* withProgress<Item>(
  items: AsyncIterable<Item>,
  report: (done: number) => void,
): AsyncGenerator<Item> {
  let done = 0
  for await (const item of items) {
    if (++done % every === 0) report(done)
    yield item
  }
}
