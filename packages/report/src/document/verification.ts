import * as z from 'zod'
import { renderColumns, uncoloured } from '../format/table.ts'
import { define } from './define.ts'
import { sweepShape } from './fields.ts'

const verificationShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true }),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      checked: z.string(),
      /** Always empty in a document, since a violation is reported as an error. */
      violations: z.array(z.string()).max(0),
    }),
  ),
})

/** What `verify` prints. The table is printed even if an invariant does not hold. */
export const verification = define('Verification', verificationShape, {
  table: ({ checks }, options) =>
    renderColumns(uncoloured(options), checks, [
      ['invariant', ({ name }) => name],
      ['holds', ({ violations }) => (violations.length === 0 ? 'yes' : 'NO')],
      ['checked', ({ checked, violations }) => violations[0] ?? checked],
    ]),
})
