/** Calls `make` once for each key. The cache is emptied when it has `most` results. */
export function cached<Key, More extends readonly unknown[], Value>(
  most: number,
  make: (key: Key, ...more: More) => Value,
): (key: Key, ...more: More) => Value {
  const known = new Map<Key, Value>()
  return (key, ...more) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key, ...more)
    if (known.size >= most) known.clear()
    known.set(key, made)
    return made
  }
}

/** Runs a computation that pauses, without pauses. */
export function resultOf<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}
