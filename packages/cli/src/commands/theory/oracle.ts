import { documents, oracleCell } from '@driftfarm/report'
import { asymptotics, oracle as exactAnswers } from '@driftfarm/theory'
import { printDocument, shown } from '../../output.ts'
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
  await printDocument(shell, shown(documents.Oracle, { sweep: { name: sweep.name }, cells }), options)
}
