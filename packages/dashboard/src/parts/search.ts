import * as z from 'zod'

// The parts of addresses. Invalid values are ignored, so that old links still work.

export const valid = <Shape extends z.ZodType>(shape: Shape) => shape.optional().catch(undefined)

export const word = valid(z.union([z.string().min(1), z.number().transform(String)]))

export const oneOf = <const T extends string>(choices: readonly T[]) => valid(z.enum(choices))

export const severalOf = <const T extends string>(choices: readonly T[]) =>
  valid(
    z
      .preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(z.unknown()))
      .transform((given) => choices.filter((choice) => given.includes(choice)))
      .refine((found) => found.length > 0),
  )

export const yes = valid(z.union([z.literal(true), z.literal('true').transform((): true => true)]))
