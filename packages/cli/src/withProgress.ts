/** Number of items between two reports. Each report reads the clock, so one report per item would take too long. */
const every = 64

/** Yields the items unchanged. `report` gets the number of items so far. */
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
