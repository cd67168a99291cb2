import { type OracleCell, oracleCell, renderOracle } from '@driftfarm/report'
import { oracle as exactAnswers, laws } from '@driftfarm/theory'
import { pageOf, print, printJson } from '../output.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'
import { answeredCells } from './answered.ts'

export interface OracleOptions {
  readonly set?: readonly (readonly [string, string])[]
  readonly cell?: number
  readonly json?: boolean
}

export async function oracle(shell: Shell, path: string, options: OracleOptions): Promise<void> {
  const { sweep } = await readSweep(shell, path, options.set === undefined ? {} : { set: options.set })
  const { horizons } = sweep.demand
  const cells: OracleCell[] = []
  for (const { index, id, params, cell, data } of answeredCells(sweep, options.cell)) {
    shell.line.show(`cell ${index} of ${sweep.cellCount}`)
    cells.push(oracleCell({ index, id, params }, exactAnswers(cell, data, { horizons }), laws(cell, data)))
  }
  shell.line.clear()
  if (options.json === true) return printJson(shell, 'Oracle', { sweep: { name: sweep.name }, cells })
  for (const [place, cell] of cells.entries()) {
    if (place > 0) await print(shell, '\n')
    await print(shell, renderOracle(cell, pageOf(shell)))
  }
}
