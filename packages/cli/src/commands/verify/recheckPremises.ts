import { cellOf, type Database, dataReader, premisesOfCell, renewChecks, storeFoundPremises } from '@driftfarm/database'
import { isComputable, type ModuleOf } from '@driftfarm/kernel'
import { type Cell, canonicalJson } from '@driftfarm/spec'
import {
  type PremiseLevel,
  type PremisePart,
  type Premises,
  premiseParts,
  premisesNotFound,
} from '@driftfarm/statistics'
import { levelFor, premisesOf } from '@driftfarm/theory'
import { progressOf } from '../../progress.ts'
import type { Shell } from '../../shell.ts'

interface Rechecked {
  /** Id of the sweep. */
  readonly sweep: string
  readonly cells: number
  /** Indices of cells whose stored premises are recomputed and compared. */
  readonly chosen: readonly number[]
  /** Cells without stored premises, or with premises of an earlier version. Their premises are computed and stored. */
  readonly missing: readonly { readonly index: number; readonly trials: number }[]
  readonly module: ModuleOf
  readonly shell: Shell
}

/**
 * Parts that could not be computed when the premises were stored are not compared. If this version of the program
 * cannot compute the trials of a cell, its stored premises are not compared. If such a cell has no premises, a message
 * is stored in their place.
 */
export async function recheckPremises(
  database: Database,
  { sweep, cells, chosen, missing, module, shell }: Rechecked,
): Promise<{ readonly checked: string; readonly violations: readonly string[] }> {
  const dataOf = dataReader(database)
  const premisesNow = async (cell: Cell, level: PremiseLevel): Promise<Premises> =>
    isComputable(cell)
      ? premisesOf(cell, await dataOf(cell), { module, level })
      : premisesNotFound('the cell is from an earlier version, and this version cannot compute its trials')
  const violations: string[] = []
  const showProgress = progressOf(shell, 'checking premises of cell', chosen.length + missing.length)
  let compared = 0
  for (const [place, index] of chosen.entries()) {
    showProgress(place)
    const { cell, cellId } = await cellOf(database, sweep, index)
    const premises = await premisesOfCell(database, cellId)
    if (premises === null || !isComputable(cell)) continue
    compared++
    for (const part of differing(premises, await premisesNow(cell, premises.level)))
      violations.push(`cell ${index}: the recomputed premise ${part} differs from the stored premise`)
  }
  const found: string[] = []
  for (const [place, { index, trials }] of missing.entries()) {
    showProgress(chosen.length + place)
    const { cell, cellId } = await cellOf(database, sweep, index)
    const level = levelFor(cell, { trials, cells })
    await storeFoundPremises(database, cellId, await premisesNow(cell, level))
    found.push(cellId)
  }
  for (let from = 0; from < found.length; from += renewedAtOnce)
    await renewChecks(database, found.slice(from, from + renewedAtOnce))
  const of = (some: number) => (cells === 1 ? 'premises of the cell' : `premises of ${some} of ${cells} cells`)
  const summaries = [
    ...(compared === 0 ? [] : [`${of(compared)} recomputed`]),
    ...(missing.length === 0 ? [] : [`missing ${of(missing.length)} computed and stored`]),
  ]
  return { checked: summaries.length === 0 ? 'no premises are stored' : summaries.join('; '), violations }
}

/** Maximum number of cells whose checks are renewed at a time, to limit the use of memory. */
const renewedAtOnce = 1000

function differing(stored: Premises, again: Premises): readonly PremisePart[] {
  const skipped = new Set(stored.failed.map(({ part }) => part))
  return premiseParts.filter((part) => !skipped.has(part) && plain(stored[part]) !== plain(again[part]))
}

/** A value as JSON with sorted keys, as the database stores it. */
const plain = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)))
