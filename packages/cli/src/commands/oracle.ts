import { documents, oracleParts } from '@driftfarm/report'
import type { ResolvedCell } from '@driftfarm/spec'
import { command } from '../command.ts'
import { answeredCell, progress, set } from '../options/shared.ts'
import { printData } from '../output.ts'
import { readSweep } from '../specFile.ts'
import { computeForAll, selectCells, withTheoryThread } from '../theory/theoryThread.ts'

export const oracle = command('oracle <spec>', {
  summary: 'compute exact answers and asymptotic formulas for a spec, without trials',
  options: { set, cell: answeredCell, progress },
  examples: ['oracle examples/double-well.yaml --cell 0'],
  kinds: ['Oracle'],
  async act(shell, path, options) {
    return withTheoryThread(shell, async (thread) => {
      const { sweep } = await readSweep(shell, path, { set: options.set })
      const { horizons } = sweep.demand
      const chosen = selectCells(sweep, options.cell)
      const taskOf = ({ cell, tables }: ResolvedCell) => ({ cell, tables, horizons })
      const answers = await computeForAll(shell, thread, 'oracle', chosen, taskOf)
      if (typeof answers === 'number') return answers
      const cells = answers.map(({ found, laws }, place) => {
        const { index, id, params } = chosen[place]!
        return { index, id, params, ...oracleParts(found, laws) }
      })
      await printData(shell, documents.Oracle, { sweep: { name: sweep.name }, cells }, options)
    })
  },
})
