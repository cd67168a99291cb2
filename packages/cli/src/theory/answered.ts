import { canonicalJson, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { CliError } from '../failure.ts'

/** Theory takes about a second per cell. More cells than this are probably a mistake. */
const maxCells = 100

/** If cells differ only in their method, only the first of these cells is included. */
export function selectCells(sweep: Sweep, index: number | undefined): readonly ResolvedCell[] {
  if (index !== undefined) {
    if (index >= sweep.cellCount)
      throw new CliError('NOT_FOUND', `no cell ${index}`, `the cells are 0 to ${sweep.cellCount - 1}`)
    return [sweep.cell(index)]
  }
  if (sweep.cellCount > maxCells)
    throw new CliError(
      'USAGE',
      `the spec has ${sweep.cellCount} cells; this command accepts at most ${maxCells} at a time`,
      'choose one with --cell INDEX',
    )
  const known = new Set<string>()
  return [...sweep.cells()].filter(({ cell: { method: _, ...rest } }) => {
    const key = canonicalJson(rest)
    return !known.has(key) && known.add(key)
  })
}
