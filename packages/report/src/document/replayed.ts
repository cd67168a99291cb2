import * as z from 'zod'
import { renderRecords, type TableOptions } from '../format/table.ts'
import { idShape } from './origin.ts'

export const replayedShape = {
  id: idShape.describe('Cell id.'),
  stored: z
    .enum(['equal', 'not kept'])
    .describe('equal: the stored record equals the recomputed one. not kept: no record is stored.'),
  engines: z
    .array(z.enum(['wasm', 'reference']))
    .describe(
      'Engines that recomputed the record; their results are identical bit for bit. The reference engine is left out ' +
        'if it would take too long.',
    ),
}

interface Replayed {
  readonly stored: 'equal' | 'not kept'
  readonly engines: readonly ('wasm' | 'reference')[]
  readonly controlTrials?: number | undefined
  readonly control?: true | undefined
}

/** Says whether the recomputed record equals the stored record. */
export function replayText({ stored, engines, control, controlTrials }: Replayed): string {
  if (control === true) return controlRemark(stored, controlTrials)
  const both = engines.includes('reference')
  const computed = both
    ? 'WebAssembly and the reference engine agree bit for bit'
    : 'computed by WebAssembly only: the reference engine would take too long'
  if (stored === 'equal') return `equals the stored record bit for bit${both ? '' : `; ${computed}`}`
  return `no stored record to compare with; ${computed}`
}

function controlRemark(stored: Replayed['stored'], trials: number | undefined): string {
  if (trials === undefined) return 'trial of the control run; no trial of the control run is stored for this cell'
  const compared = trials === 1 ? 'its only trial' : `its ${trials} trials`
  const absent = stored === 'equal' ? '' : ', but this trial is not among them'
  return `trial of the control run: the recomputed digest of ${compared} equals the stored digest${absent}`
}

/** The table has one line for each mark and each exit, with a name such as `mark NAME`. */
const maps = { marks: 'mark', exits: 'exit' } as const

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
