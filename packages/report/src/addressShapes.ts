import * as z from 'zod'

/**
 * A sweep, given by its name, its id or the beginning of its id. Control characters are refused, because one of them
 * (NUL) cannot be stored in PostgreSQL.
 */
export const sweepShape = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not contain control characters')
  .describe('Name or id of the sweep, or a unique prefix of the id.')

export const cellShape = z
  .string()
  .regex(/^(\d{1,7}|[0-9a-f]{4,32})$/, 'must be the index or id of a cell')
  .describe('Index or id of the cell.')

/** The input of a question about a sweep. */
export const aboutSweep = z.object({ sweep: sweepShape })

/** The input of a question about a cell. */
export const aboutCell = aboutSweep.extend({ cell: cellShape })

export const cellList = z
  .string()
  .max(20_000)
  .regex(/^\d{1,7}(-\d{1,7})?(,\d{1,7}(-\d{1,7})?)*$/, 'must be a list such as 0,4,7-9')
  .transform((text, context) => {
    const indices = new Set<number>()
    for (const part of text.split(',')) {
      const [from = 0, to = from] = part.split('-').map(Number)
      if (to < from || to - from >= maxListed || indices.size + to - from > maxListed) {
        context.addIssue({
          code: 'custom',
          message: `must list at most ${maxListed} cells, with ranges written as LOW-HIGH`,
        })
        return z.NEVER
      }
      for (let index = from; index <= to; index++) indices.add(index)
    }
    return [...indices].sort((a, b) => a - b)
  })
  .describe('Indices of cells, such as 0,4,7-9.')

const maxListed = 10_000

export const booleanQuery = z
  .enum(['true', 'false', '1', '0', ''])
  .transform((word) => word !== 'false' && word !== '0')

export const wholeNumber = z
  .string()
  .regex(/^\d{1,16}$/, 'must be a whole number')
  .transform(Number)
  .refine(Number.isSafeInteger, 'is too large')

export const decimalNumber = z.string().max(40).transform(Number).refine(Number.isFinite, 'must be a number')

export const plainText = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')

export const textQuery = plainText(1000)
