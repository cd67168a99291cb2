import * as z from 'zod'

/** The keys of a value in the order of its shape, with the orders of what stands at them; null: it has no keys to order. */
type Order = ReadonlyMap<string, Order | null> | 'ascending' | null

/**
 * Puts the keys of plain JSON into the order of the shape that describes it, as it was made: jsonb forgets it. Keys of a
 * record, which has no order of its own, are numbers and ascend. Compiled once: a document has 10^6 of these, and to parse
 * each takes ten times as long.
 */
export function inShapeOrder<T extends object>(shape: z.ZodType): (value: T) => T {
  const order = orderOf(shape)
  return (value) => inOrder(order, value) as T
}

function orderOf(shape: unknown): Order {
  if (shape instanceof z.ZodObject)
    return new Map(Object.entries(shape.shape).map(([key, inner]) => [key, orderOf(inner)] as const))
  if (shape instanceof z.ZodRecord) return 'ascending'
  if (shape instanceof z.ZodUnion)
    return new Map(shape.options.flatMap((option) => [...((orderOf(option) as Map<string, Order>) ?? [])]))
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodExactOptional || shape instanceof z.ZodNullable)
    return orderOf(shape.unwrap())
  return null
}

function inOrder(order: Order, value: unknown): unknown {
  if (order === null || typeof value !== 'object' || value === null) return value
  const given = value as Readonly<Record<string, unknown>>
  const ordered: Record<string, unknown> = {}
  if (order === 'ascending')
    for (const key of Object.keys(given).sort((a, b) => Number(a) - Number(b))) ordered[key] = given[key]
  else {
    for (const [key, inner] of order) if (given[key] !== undefined) ordered[key] = inOrder(inner, given[key])
    // A later version may have stored more.
    for (const key of Object.keys(given)) if (!(key in ordered)) ordered[key] = given[key]
  }
  return ordered
}
