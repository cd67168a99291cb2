import { cellOf, type Database, dataReader, keepFound, premisesOfCell } from '@driftfarm/database'
import type { ModuleOf } from '@driftfarm/kernel'
import { canonicalJson } from '@driftfarm/spec'
import { type PremisePart, type Premises, premiseParts } from '@driftfarm/statistics'
import { premisesOf } from '@driftfarm/theory'
import { progressOf } from '../../progress.ts'
import type { Shell } from '../../shell.ts'

interface Rechecked {
  /** Id of the sweep. */
  readonly sweep: string
  /** Number of cells of the sweep. */
  readonly cells: number
  /** Indices of the cells whose premises are found again. */
  readonly chosen: readonly number[]
  readonly module: ModuleOf
  readonly shell: Shell
}

/**
 * Computes the premises of cells again. Parts that could not be computed then are skipped; where the machine had lost
 * them all, what is found now is kept.
 */
export async function recheckPremises(
  database: Database,
  { sweep, cells, chosen, module, shell }: Rechecked,
): Promise<{ readonly checked: string; readonly violations: readonly string[] }> {
  const dataOf = dataReader(database)
  const violations: string[] = []
  const tell = progressOf(shell, 'finding again what cells rest on:', chosen.length)
  for (const [place, index] of chosen.entries()) {
    tell(place)
    const { cell, cellId } = await cellOf(database, sweep, index)
    const premises = await premisesOfCell(database, cellId)
    const again = await premisesOf(cell, await dataOf(cell), { module })
    if (premises === null) continue
    if (premises.lost) {
      await keepFound(database, cellId, again)
      continue
    }
    for (const part of differing(premises, again))
      violations.push(`cell ${index}: its ${part} differs when found again`)
  }
  const rest = cells === 1 ? 'what the cell rests on' : `what ${chosen.length} of ${cells} cells rest on`
  return {
    checked: chosen.length === 0 ? 'nothing is stored of what cells rest on' : `${rest}, found again`,
    violations,
  }
}

function differing(stored: Premises, again: Premises): readonly PremisePart[] {
  const skipped = new Set(stored.failed.map(({ part }) => part))
  return premiseParts.filter((part) => !skipped.has(part) && plain(stored[part]) !== plain(again[part]))
}

/** The JSON as the database stores it, with sorted keys. */
const plain = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)))
