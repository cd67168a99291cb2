import * as z from 'zod'

/** Null if the value has no keys to order. */
type Order = Ordering | null

interface Ordering {
  readonly wanted: Fields | 'ascending'
  /**
   * The orders found so far. The key in this map is the list of keys of a value, joined with commas. The map stays
   * small, because all estimates of one kind have the same keys.
   */
  readonly known: Map<string, Known>
  /** Checked before `known`, because a value usually has the same keys as the previous value. */
  latest: Known | null
}

interface Known {
  /** The keys of a value, in the order in which the value lists them. */
  readonly keys: readonly string[]
  /** The keys of a value, in the order of the shape. */
  readonly fields: Fields
  readonly nested: readonly (readonly [key: string, inner: Ordering])[]
  /** Whether the keys are already in the order of the shape. */
  readonly sorted: boolean
}

/** `inner` is the order of the keys of the object under `key`; null if these keys keep their order. */
type Fields = readonly (readonly [key: string, inner: Order])[]

/**
 * Returns a function that puts the keys of a value into the order of the shape, because jsonb does not keep their
 * order. The shape of a zod record does not list its keys. The records of estimates have numbers as keys, which are
 * sorted in ascending order. The order is determined once per shape: a document may have 10^6 values of one shape, and
 * parsing them with zod would take four times as long.
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

const ordering = (wanted: Ordering['wanted']): Ordering => ({ wanted, known: new Map(), latest: null })

/** Returns the same object if its keys are already in order. */
function inOrder(order: Order, value: unknown): unknown {
  if (order === null || typeof value !== 'object' || value === null) return value
  const given = value as Readonly<Record<string, unknown>>
  const { fields, nested, sorted } = knownOf(order, given)
  if (sorted && nested.every(([key, inner]) => inOrder(inner, given[key]) === given[key])) return given
  const ordered: Record<string, unknown> = {}
  for (const [key, inner] of fields) ordered[key] = inner === null ? given[key] : inOrder(inner, given[key])
  return ordered
}

function knownOf(order: Ordering, given: Readonly<Record<string, unknown>>): Known {
  if (order.latest !== null && hasKeys(given, order.latest.keys)) return order.latest
  const keys = Object.keys(given)
  const name = keys.join()
  let known = order.known.get(name)
  if (known === undefined) {
    const fields = fieldsOf(order, keys)
    known = {
      keys,
      fields,
      nested: fields.flatMap(([key, inner]) => (inner === null ? [] : [[key, inner] as const])),
      sorted: fields.every(([key], at) => key === keys[at]),
    }
    order.known.set(name, known)
  }
  order.latest = known
  return known
}

/** Whether the value has exactly these keys, in this order. */
function hasKeys(given: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  let at = 0
  for (const key in given) if (key !== keys[at++]) return false
  return at === keys.length
}

function fieldsOf({ wanted }: Ordering, keys: readonly string[]): Fields {
  if (wanted === 'ascending') return [...keys].sort((a, b) => Number(a) - Number(b)).map((key) => [key, null])
  const placed = wanted.filter(([key]) => keys.includes(key))
  // A later version may have stored keys that the shape does not have.
  const others = keys.filter((key) => !placed.some(([each]) => each === key))
  return [...placed, ...others.map((key) => [key, null] as const)]
}
