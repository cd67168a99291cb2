import type { CellResult } from '../document/results.ts'
import type { Paint } from './color.ts'

/** Doubts listed before it only says how many more there are. */
const mostListed = 8

/** Should I believe this? One line where all holds, else a line for each doubt of each cell. */
export function checkLines(cells: readonly CellResult[], paint: Paint): string[] {
  const checked = cells.filter(({ checks }) => checks.length > 0)
  if (checked.length === 0) return []
  const doubts = checked.flatMap(({ index, checks }) =>
    checks
      .filter(({ verdict }) => verdict !== 'good')
      .map(({ name, verdict, text }) => ({ index, name, verdict, text })),
  )
  const firm = checked.filter(({ checks }) => checks.every(({ verdict }) => verdict === 'good')).length
  const head = `checks: all hold in ${firm} of ${checked.length} ${checked.length === 1 ? 'cell' : 'cells'}`
  const listed = doubts
    .slice(0, mostListed)
    .map(({ index, name, verdict, text }) =>
      paint(verdict === 'bad' ? 'red' : 'yellow', `  cell ${index}: ${name} ${verdict}: ${text}`),
    )
  const more = doubts.length - listed.length
  return [paint('dim', head), ...listed, ...(more > 0 ? [paint('dim', `  and ${more} more (--json has all)`)] : [])]
}
