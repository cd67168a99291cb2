import * as z from 'zod'

/** Keys in the order of a shape, each with the order of the value at it; null where the value has no keys to order. */
type Order = readonly (readonly [key: string, inner: Order])[] | 'ascending' | null

/**
 * Restores the key order of plain JSON from the shape that describes it, because jsonb does not keep it. The keys of a
 * record, which has no order of its own, are numbers and are put in ascending order. The order is worked out once for a
 * shape: a document has 10^6 such values, and parsing each with zod would take four times as long.
 */
export function inShapeOrder<T extends object>(shape: z.ZodType): (value: T) => T {
  const order = orderOf(shape)
  return (value) => inOrder(order, value) as T
}

function orderOf(shape: unknown): Order {
  if (shape instanceof z.ZodObject)
    return Object.entries(shape.shape).map(([key, inner]) => [key, orderOf(inner)] as const)
  if (shape instanceof z.ZodRecord) return 'ascending'
  if (shape instanceof z.ZodUnion) {
    const keys = shape.options.map(orderOf).flatMap((keys) => (keys === 'ascending' || keys === null ? [] : keys))
    return keys.length === 0 ? null : [...new Map(keys)]
  }
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodExactOptional || shape instanceof z.ZodNullable)
    return orderOf(shape.unwrap())
  return null
}

function inOrder(order: Order, value: unknown): unknown {
  if (order === null || typeof value !== 'object' || value === null) return value
  const given = value as Readonly<Record<string, unknown>>
  const ordered: Record<string, unknown> = {}
  const keys = Object.keys(given)
  if (order === 'ascending') for (const key of keys.sort((a, b) => Number(a) - Number(b))) ordered[key] = given[key]
  else {
    let placed = 0
    for (const [key, inner] of order) {
      const one = given[key]
      if (one === undefined) continue
      ordered[key] = inner === null ? one : inOrder(inner, one)
      placed++
    }
    // A later version may have stored keys that the shape does not have.
    if (placed < keys.length) for (const key of keys) if (!(key in ordered)) ordered[key] = given[key]
  }
  return ordered
}
