/** Items between two reports: to look at a clock for each of a million takes time. */
const every = 64

/** The items as they are; `tell` is told how many have been taken. */
export async function* counted<Item>(items: AsyncIterable<Item>, tell: (done: number) => void): AsyncGenerator<Item> {
  let done = 0
  for await (const item of items) {
    if (++done % every === 0) tell(done)
    yield item
  }
}
