import { type OracleCell, oracleCell, renderOracle } from '@driftfarm/report'
import { asymptotics, oracle as exactAnswers } from '@driftfarm/theory'
import { print, printJson, terminalWidth, wantsColor } from '../output.ts'
import { readSweep } from '../specFile.ts'
import { answeredCells } from './answered.ts'

export interface OracleOptions {
  readonly set?: readonly (readonly [string, string])[]
  readonly cell?: number
  readonly json?: boolean
}

export async function oracle(path: string, options: OracleOptions): Promise<void> {
  const { sweep } = readSweep(path, options.set === undefined ? {} : { set: options.set })
  const { horizons } = sweep.demand
  const cells: OracleCell[] = []
  for (const { index, id, params, cell, data } of answeredCells(sweep, options.cell)) {
    if (wantsColor(process.stderr)) process.stderr.write(`\r\u001b[Kcell ${index} of ${sweep.cellCount}`)
    cells.push(oracleCell({ index, id, params }, exactAnswers(cell, data, { horizons }), asymptotics(cell, data)))
  }
  if (wantsColor(process.stderr)) process.stderr.write('\r\u001b[K')
  if (options.json === true) return printJson('Oracle', { sweep: { name: sweep.name }, cells })
  for (const [place, cell] of cells.entries()) {
    if (place > 0) await print('\n')
    await print(renderOracle(cell, { width: terminalWidth(), color: wantsColor(process.stdout) }))
  }
}
