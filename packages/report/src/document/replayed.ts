import * as z from 'zod'
import { renderRecords, type TableOptions } from '../table/renderRecords.ts'
import { idShape } from './origin.ts'

/** What a replay adds to a record. */
export const replayedShape = {
  id: idShape.describe('Of the cell.'),
  stored: z.enum(['equal', 'not kept']).describe('Whether its record is kept; then it equals what was computed now.'),
}

/** Entries of these maps have one line each in the table. */
const maps = { marks: 'mark', exits: 'exit' } as const

/** One record as a list of names and values. */
export function replayedTable(
  record: { readonly id: string; readonly stored: string } & Readonly<Record<string, unknown>>,
  options?: TableOptions,
): string {
  const { id, stored: _, control: __, ladder: ___, marks, exits, ...fields } = record
  const named = Object.entries({ marks, exits }).flatMap(([key, map]) =>
    Object.entries((map ?? {}) as Readonly<Record<string, unknown>>).map(
      ([name, value]) => [`${maps[key as keyof typeof maps]} ${name}`, value] as const,
    ),
  )
  const lines = [['cell id', id], ...[...Object.entries(fields), ...named].map(([name, value]) => [name, value ?? '-'])]
  return renderRecords(['', ''], lines, options)
}
