import { cellOf, type Database, dataReader, indicesWithPremises, premisesOfCell, sweepHead } from '@driftfarm/database'
import type { ModuleOf } from '@driftfarm/kernel'
import { canonicalJson } from '@driftfarm/spec'
import { type PremisePart, type Premises, premiseParts } from '@driftfarm/statistics'
import { premisesOf } from '@driftfarm/theory'
import { progressOf } from '../../progress.ts'
import type { Shell } from '../../shell.ts'

/**
 * Computes the premises of cells again, for the cells that `choose` picks from those with stored premises. Parts that
 * could not be computed then are skipped.
 */
export async function recheckPremises(
  database: Database,
  sweepId: string,
  {
    choose,
    module,
    shell,
  }: { readonly choose: <T>(items: readonly T[]) => readonly T[]; readonly module: ModuleOf; readonly shell: Shell },
): Promise<{ readonly checked: string; readonly violations: readonly string[] }> {
  const { cells } = await sweepHead(database, sweepId)
  const chosen = choose(await indicesWithPremises(database, sweepId))
  const dataOf = dataReader(database)
  const violations: string[] = []
  const tell = progressOf(shell, 'finding again what cells rest on:', chosen.length)
  for (const [place, index] of chosen.entries()) {
    tell(place)
    const { cell, cellId } = await cellOf(database, sweepId, index)
    const premises = await premisesOfCell(database, cellId)
    const again = await premisesOf(cell, await dataOf(cell), { module })
    if (premises === null) continue
    for (const part of differing(premises, again))
      violations.push(`cell ${index}: its ${part} differs when found again`)
  }
  return { checked: `what ${chosen.length} of ${cells} cells rest on, found again`, violations }
}

function differing(stored: Premises, again: Premises): readonly PremisePart[] {
  const skipped = new Set(stored.failed.map(({ part }) => part))
  return premiseParts.filter((part) => !skipped.has(part) && plain(stored[part]) !== plain(again[part]))
}

/** The JSON as the database stores it, with sorted keys. */
const plain = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)))
