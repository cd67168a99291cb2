import { documents } from '@driftfarm/report'
import { specLimits } from '@driftfarm/spec'
import { command } from '../command.ts'
import { usageError } from '../failure.ts'
import { required } from '../options/option.ts'
import { wholeNumber } from '../options/parse.ts'
import { note, printChange } from '../output.ts'
import { withSweep } from '../session.ts'

export const extend = command('extend <sweep>', {
  summary: 'request more trials per cell',
  options: {
    trials: required(wholeNumber('total number of trials per cell, including stored trials')),
  },
  examples: ['extend double-well --trials 1e6'],
  kinds: ['Status'],
  async act(shell, text, { trials }) {
    if (trials > specLimits.trialsPerCell)
      throw usageError(`${trials} trials per cell exceed the limit of ${specLimits.trialsPerCell}`, 'request fewer')
    await withSweep(shell, text, async (farmClient, { id, name }) => {
      const { data, warnings } = await farmClient.act(id, { do: 'extend', trials })
      for (const warning of warnings) note(shell, warning)
      await printChange(
        shell,
        documents.Status,
        data,
        `${name}: ${trials} trials per cell are now requested. A running farm computes them automatically. ` +
          `If no farm is running, run the spec with \`--trials ${trials}\``,
      )
    })
  },
})
