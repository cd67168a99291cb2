/** Makes the value of each key once. With a WeakMap, a value lives as long as its key. */
export function remembered<K, V>(
  make: (key: K) => V,
  known: { has(key: K): boolean; get(key: K): V | undefined; set(key: K, value: V): unknown } = new Map<K, V>(),
): (key: K) => V {
  return (key) => {
    if (!known.has(key)) known.set(key, make(key))
    return known.get(key)!
  }
}
