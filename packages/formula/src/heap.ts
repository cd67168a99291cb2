/** A binary heap. Of two items that precede neither the other, either may come first. */
export class Heap<Item> {
  private readonly items: Item[] = []

  constructor(private readonly precedes: (one: Item, other: Item) => boolean) {}

  get first(): Item | undefined {
    return this.items[0]
  }

  push(item: Item): void {
    const { items, precedes } = this
    let at = items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!precedes(item, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  pop(): Item | undefined {
    const { items, precedes } = this
    const top = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && precedes(items[child + 1]!, items[child]!)) child++
      if (!precedes(items[child]!, last)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
    return top
  }
}
