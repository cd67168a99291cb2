import * as z from 'zod'
import { renderRecords, type TableOptions } from '../table/renderRecords.ts'
import { idShape } from './origin.ts'

/** What a replay adds to a record. */
export const replayedShape = {
  id: idShape.describe('Of the cell.'),
  stored: z.enum(['equal', 'not kept']).describe('Whether its record is kept; then it equals what was computed now.'),
  engines: z
    .array(z.enum(['wasm', 'reference']))
    .describe('What computed it now, all with the same bits. The reference is left out where it would take long.'),
}

interface Replayed {
  readonly stored: 'equal' | 'not kept'
  readonly engines: readonly ('wasm' | 'reference')[]
  /** Of the control: how many of its trials are kept. */
  readonly controlTrials?: number | undefined
  readonly control?: true | undefined
}

/** What the comparison came to, in words. */
export function replayRemark({ stored, engines, control, controlTrials }: Replayed): string {
  if (control === true) return controlRemark(stored, controlTrials)
  const both = engines.includes('reference')
  const computed = both
    ? 'WebAssembly and reference agree bit for bit'
    : 'computed by WebAssembly alone: the reference would take long'
  if (stored === 'equal') return `equals the stored record bit for bit${both ? '' : `; ${computed}`}`
  return `no row of it is kept; ${computed}`
}

function controlRemark(stored: Replayed['stored'], trials: number | undefined): string {
  if (trials === undefined) return 'of the control, none of which is kept for this cell'
  const digest = trials === 1 ? 'the one trial that is kept gives' : `the ${trials} trials that are kept give`
  return `of the control: ${digest} the stored digest${stored === 'equal' ? '' : ', and this one lies beyond'}`
}

/** Entries of these maps have one line each in the table. */
const maps = { marks: 'mark', exits: 'exit' } as const

/** One record as a list of names and values. */
export function replayedTable(
  record: { readonly id: string; readonly stored: string } & Readonly<Record<string, unknown>>,
  options?: TableOptions,
): string {
  const {
    id,
    stored: _,
    control: __,
    ladder: ___,
    engines: ____,
    controlTrials: _____,
    marks,
    exits,
    ...fields
  } = record
  const named = Object.entries({ marks, exits }).flatMap(([key, map]) =>
    Object.entries((map ?? {}) as Readonly<Record<string, unknown>>).map(
      ([name, value]) => [`${maps[key as keyof typeof maps]} ${name}`, value] as const,
    ),
  )
  const lines = [['cell id', id], ...[...Object.entries(fields), ...named].map(([name, value]) => [name, value ?? '-'])]
  return renderRecords(['', ''], lines, options)
}
