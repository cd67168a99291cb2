import { cellOf, type Database, dataReader, keepFound, premisesOfCell, renewChecks } from '@driftfarm/database'
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
  /** Number of cells of the sweep. */
  readonly cells: number
  /** Indices of cells whose premises, where they are stored, are found again and compared. */
  readonly chosen: readonly number[]
  /** Those of which none are stored, or only those of an earlier version: they are found and kept. */
  readonly missing: readonly { readonly index: number; readonly trials: number }[]
  readonly module: ModuleOf
  readonly shell: Shell
}

/**
 * Computes the premises of cells again, and finds those that are missing. Parts that could not be computed then are
 * skipped. A cell that cannot be computed any more has no premises to be found, which is kept as its premises.
 */
export async function recheckPremises(
  database: Database,
  { sweep, cells, chosen, missing, module, shell }: Rechecked,
): Promise<{ readonly checked: string; readonly violations: readonly string[] }> {
  const dataOf = dataReader(database)
  const premisesNow = async (cell: Cell, level: PremiseLevel): Promise<Premises> =>
    isComputable(cell)
      ? premisesOf(cell, await dataOf(cell), { module, level })
      : premisesNotFound('the cell is of an earlier version, whose trials this one does not compute')
  const violations: string[] = []
  const tell = progressOf(shell, 'finding what cells rest on:', chosen.length + missing.length)
  let compared = 0
  for (const [place, index] of chosen.entries()) {
    tell(place)
    const { cell, cellId } = await cellOf(database, sweep, index)
    const premises = await premisesOfCell(database, cellId)
    if (premises === null || !isComputable(cell)) continue
    compared++
    for (const part of differing(premises, await premisesNow(cell, premises.level)))
      violations.push(`cell ${index}: its ${part} differs when found again`)
  }
  const found: string[] = []
  for (const [place, { index, trials }] of missing.entries()) {
    tell(chosen.length + place)
    const { cell, cellId } = await cellOf(database, sweep, index)
    const level = levelFor(cell, { trials, cells })
    await keepFound(database, cellId, await premisesNow(cell, level))
    found.push(cellId)
  }
  for (let from = 0; from < found.length; from += renewedAtOnce)
    await renewChecks(database, found.slice(from, from + renewedAtOnce))
  const of = (some: number) => (cells === 1 ? 'what the cell rests on' : `what ${some} of ${cells} cells rest on`)
  const told = [
    ...(compared === 0 ? [] : [`${of(compared)}, found again`]),
    ...(missing.length === 0 ? [] : [`${of(missing.length)}, which was not stored, found and stored now`]),
  ]
  return { checked: told.length === 0 ? 'nothing is stored of what cells rest on' : told.join('; '), violations }
}

/** Cells whose checks are made anew at once: bounds the memory. */
const renewedAtOnce = 1000

function differing(stored: Premises, again: Premises): readonly PremisePart[] {
  const skipped = new Set(stored.failed.map(({ part }) => part))
  return premiseParts.filter((part) => !skipped.has(part) && plain(stored[part]) !== plain(again[part]))
}

/** The JSON as the database stores it, with sorted keys. */
const plain = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)))
