import * as z from 'zod'
import type { Range } from './range.ts'

/** The range is stated in the JSON Schema and checked when the number is resolved. */
export function quantity(range: Range, description?: string) {
  const expected = `${range.expected}, or "= expression"`
  const either = z.union(numberOrExpression(range, expected), { error: expected })
  return description === undefined ? either : either.meta({ description })
}

export function numberOrExpression(range: Range, expected: string) {
  const { expected: _, ...json } = range
  return [z.number({ error: expected }).meta(json), z.string().regex(/^\s*=/, { error: expected })] as const
}

export function text(expected: string) {
  return z.string({ error: expected })
}

export function words<const Words extends readonly [string, ...string[]]>(...list: Words) {
  return z.enum(list, { error: `one of ${list.join(', ')}` })
}

/** Separates the known keys in a message, so that `knownKeys` can split the message. Keys contain no spaces. */
const between = ' '

export function keys<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known.join(between) : `a mapping of ${some(known)}`),
  })
}

function some(words: readonly string[]): string {
  return words.length > 5 ? `${words.slice(0, 4).join(', ')}, ..` : words.join(', ')
}

export function knownKeys(message: string): readonly string[] {
  return message.split(between)
}

/** None of these keys is required. */
export function optional<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.object(shape).partial().shape
}

/** A mapping in which only some keys are required. */
export function section<Shape extends z.core.$ZodLooseShape, Key extends keyof Shape>(
  required: readonly Key[],
  shape: Shape,
) {
  const given = Object.fromEntries(required.map((key) => [key, shape[key]])) as Pick<Shape, Key>
  return keys({ ...(optional(shape) as Omit<ReturnType<typeof optional<Shape>>, Key>), ...given })
}

/** Exactly one of the keys of `shape`, and any of the keys in `besides`. */
export function oneKey<Shape extends z.core.$ZodLooseShape, More extends z.core.$ZodLooseShape = object>(
  shape: Shape,
  besides: More = {} as More,
) {
  const known = Object.keys(shape)
  return section([], { ...shape, ...besides })
    .check((context) => {
      const given = known.filter((key) => Object.hasOwn(context.value, key))
      if (given.length !== 1) {
        const reason = given.length === 0 ? 'none' : given.join(' and ')
        context.issues.push({ code: 'custom', input: context.value, message: 'exactly one', params: { known, reason } })
      }
    })
    .meta({ minProperties: 1, maxProperties: 1 + Object.keys(besides).length })
}

/**
 * Names that look like integers are excluded. JSON readers would reorder them, and the order of names is part of a
 * cell's identity.
 */
export const label = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, {
  error: 'a name made of the letters a-z and A-Z, digits, _ and -, starting with a letter or _, at most 64 characters',
})

export const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, {
  error: 'a name made of the letters a-z and A-Z, digits and _, starting with a letter or _, at most 64 characters',
})

export function named<Value extends z.core.SomeType>(key: typeof label, value: Value, expected: string) {
  return z.record(key, value, { error: expected })
}
