import { type OracleCell, oracleCell, renderOracle } from '@driftfarm/report'
import type { ResolvedCell, Sweep } from '@driftfarm/spec'
import { oracle as exactAnswers, laws } from '@driftfarm/theory'
import { CliError } from '../failure.ts'
import { print, printJson, terminalWidth, wantsColor } from '../output.ts'
import { readSweep } from '../spec-file.ts'

export interface OracleOptions {
  readonly set?: readonly (readonly [string, string])[]
  readonly cell?: number
  readonly json?: boolean
}

/** A cell takes about a second; more of them are a slip, and the index of a cell chooses one. */
const mostCells = 100

export async function oracle(path: string, options: OracleOptions): Promise<void> {
  const { sweep } = readSweep(path, options.set === undefined ? {} : { set: options.set })
  const { horizons } = sweep.demand
  const cells: OracleCell[] = []
  for (const { index, id, params, cell, data } of choose(sweep, options.cell)) {
    if (wantsColor(process.stderr)) process.stderr.write(`\r\u001b[Kcell ${index} of ${sweep.cellCount}`)
    cells.push(oracleCell({ index, id, params }, exactAnswers(cell, data, { horizons }), laws(cell, data)))
  }
  if (wantsColor(process.stderr)) process.stderr.write('\r\u001b[K')
  if (options.json === true) return printJson('Oracle', { sweep: { name: sweep.name }, cells })
  for (const [place, cell] of cells.entries()) {
    if (place > 0) await print('\n')
    await print(renderOracle(cell, { width: terminalWidth(), color: wantsColor(process.stdout) }))
  }
}

function choose(sweep: Sweep, index: number | undefined): readonly ResolvedCell[] {
  if (index !== undefined) {
    if (index >= sweep.cellCount)
      throw new CliError('NOT_FOUND', `no cell ${index}`, `the cells are 0 to ${sweep.cellCount - 1}`)
    return [sweep.cell(index)]
  }
  if (sweep.cellCount > mostCells)
    throw new CliError(
      'USAGE',
      `${sweep.cellCount} cells, and at most ${mostCells} are answered`,
      'choose one by --cell',
    )
  return [...sweep.cells()]
}
