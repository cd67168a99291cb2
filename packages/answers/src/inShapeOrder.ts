import * as z from 'zod'

/** Keys in the order of a shape, each with the order of the value at it; null where the value has no keys to order. */
type Order = Ordering | null

interface Ordering {
  readonly wanted: Fields | 'ascending'
  /**
   * The keys of a value as they come, joined, and in their order: estimates of one kind all have the same, and to work
   * the order out for each took as long as to parse them.
   */
  readonly known: Map<string, Fields>
}

type Fields = readonly (readonly [key: string, inner: Order])[]

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
    return ordering(Object.entries(shape.shape).map(([key, inner]) => [key, orderOf(inner)] as const))
  if (shape instanceof z.ZodRecord) return ordering('ascending')
  if (shape instanceof z.ZodUnion) {
    const fields = shape.options
      .map(orderOf)
      .flatMap((order) => (order === null || order.wanted === 'ascending' ? [] : order.wanted))
    return fields.length === 0 ? null : ordering([...new Map(fields)])
  }
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodExactOptional || shape instanceof z.ZodNullable)
    return orderOf(shape.unwrap())
  return null
}

const ordering = (wanted: Ordering['wanted']): Ordering => ({ wanted, known: new Map() })

function inOrder(order: Order, value: unknown): unknown {
  if (order === null || typeof value !== 'object' || value === null) return value
  const given = value as Readonly<Record<string, unknown>>
  const keys = Object.keys(given)
  const name = keys.join()
  let fields = order.known.get(name)
  if (fields === undefined) {
    fields = fieldsOf(order, keys)
    order.known.set(name, fields)
  }
  const ordered: Record<string, unknown> = {}
  for (const [key, inner] of fields) ordered[key] = inner === null ? given[key] : inOrder(inner, given[key])
  return ordered
}

function fieldsOf({ wanted }: Ordering, keys: readonly string[]): Fields {
  if (wanted === 'ascending') return [...keys].sort((a, b) => Number(a) - Number(b)).map((key) => [key, null])
  const placed = wanted.filter(([key]) => keys.includes(key))
  // A later version may have stored keys that the shape does not have.
  const others = keys.filter((key) => !placed.some(([each]) => each === key))
  return [...placed, ...others.map((key) => [key, null] as const)]
}
