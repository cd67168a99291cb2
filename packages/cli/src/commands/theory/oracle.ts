import { oracleCell, renderOracle } from '@driftfarm/report'
import { asymptotics, oracle as exactAnswers } from '@driftfarm/theory'
import { type Page, printDocument, stacked } from '../../output.ts'
import { eachShown } from '../../progress.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import type { OracleOptions } from '../oracle.ts'
import { answeredCells } from './answered.ts'

export async function oracle(shell: Shell, path: string, options: OracleOptions): Promise<void> {
  const { sweep } = await readSweep(shell, path, { set: options.set })
  const { horizons } = sweep.demand
  const cells = await eachShown(
    shell,
    answeredCells(sweep, options.cell),
    ({ index }) => `cell ${index} of ${sweep.cellCount}`,
    ({ index, id, params, cell, data }) =>
      oracleCell({ index, id, params }, exactAnswers(cell, data, { horizons }), asymptotics(cell, data)),
  )
  const table = (page: Page) => stacked(cells.map((cell) => renderOracle(cell, page)))
  await printDocument(shell, { kind: 'Oracle', data: { sweep: { name: sweep.name }, cells }, table }, options)
}
