import { documents, oracleCell } from '@driftfarm/report'
import { command } from '../command.ts'
import type { OptionsOf } from '../options/option.ts'
import { answeredCell, json, progress, set } from '../options/shared.ts'
import { printDocument, printedDocument } from '../output.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'
import { computeForAll, selectCells, withTheoryThread } from '../theory/theoryThread.ts'

const options = { set, cell: answeredCell, progress, json }
export type OracleOptions = OptionsOf<typeof options>

export const oracle = command({
  name: 'oracle',
  after: 'minima',
  arguments: ['<spec>'],
  summary: 'compute exact answers and asymptotic formulas for a spec, without trials',
  options,
  examples: ['oracle examples/double-well.yaml --cell 0'],
  kinds: ['Oracle'],
  act,
})

async function act(shell: Shell, path: string, options: OracleOptions): Promise<number | undefined> {
  return withTheoryThread(shell, async (thread) => {
    const { sweep } = await readSweep(shell, path, { set: options.set })
    const { horizons } = sweep.demand
    const chosen = selectCells(sweep, options.cell)
    const answers = await computeForAll(shell, thread, {
      kind: 'oracle',
      items: chosen,
      task: ({ cell, data }) => ({ cell, data, horizons }),
    })
    if (typeof answers === 'number') return answers
    const cells = answers.map(({ found, laws }, place) => oracleCell(chosen[place]!, found, laws))
    await printDocument(shell, printedDocument(documents.Oracle, { sweep: { name: sweep.name }, cells }), options)
    return undefined
  })
}
