import * as z from 'zod'

/** A sweep: its name, its id or the beginning of its id. No control characters: the database knows no NUL. */
export const refShape = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'is no name')
  .describe('Name, id, or a unique beginning of the id.')

export const refParams = z.object({ ref: refShape })

export const cellParams = refParams.extend({
  cell: z
    .string()
    .regex(/^(\d{1,7}|[0-9a-f]{4,32})$/, 'is no cell')
    .describe('Index or id.'),
})

/** `0,4,7-9`: indices of cells. */
export const cellList = z
  .string()
  .max(20_000)
  .regex(/^\d{1,7}(-\d{1,7})?(,\d{1,7}(-\d{1,7})?)*$/, 'is no list such as 0,4,7-9')
  .transform((text, context) => {
    const indices = new Set<number>()
    for (const part of text.split(',')) {
      const [from = 0, to = from] = part.split('-').map(Number)
      if (to < from || to - from >= mostListed || indices.size + to - from > mostListed) {
        context.addIssue({ code: 'custom', message: `names more than ${mostListed} cells, or a range that is none` })
        return z.NEVER
      }
      for (let index = from; index <= to; index++) indices.add(index)
    }
    return [...indices].sort((a, b) => a - b)
  })
  .describe('Indices of cells, such as 0,4,7-9.')

const mostListed = 10_000

/** Words of a query that are true or false. */
export const yes = z.enum(['true', 'false', '1', '0', '']).transform((word) => word !== 'false' && word !== '0')

export const wholeNumber = z
  .string()
  .regex(/^\d{1,16}$/, 'is no whole number')
  .transform(Number)
  .refine(Number.isSafeInteger, 'is too large')

export const decimalNumber = z.string().max(40).transform(Number).refine(Number.isFinite, 'is no number')

/** Letters of an expression or a condition in a query. */
export const words = z
  .string()
  .max(1000)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds control characters')

/** Pages by key: what comes after a key, so many. */
export const pageQuery = z.object({
  limit: wholeNumber.refine((limit) => limit >= 1 && limit <= 1000, 'is not from 1 to 1000').optional(),
  after: words.optional().describe('The key of the last entry of the page before, as its answer says.'),
})
