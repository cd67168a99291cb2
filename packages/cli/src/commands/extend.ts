import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { required, valued } from '../options/option.ts'
import { wholeNumber } from '../options/parse.ts'
import { json } from '../options/shared.ts'

export const extend = command({
  name: 'extend',
  arguments: ['<sweep>'],
  summary: 'ask for more trials a cell',
  options: {
    trials: required(valued('<n>', 'trials a cell in all, those that are stored included', wholeNumber)),
    json,
  },
  examples: ['extend double-well --trials 1e6'],
  kinds: ['Status'],
  act: async (shell, text, { trials, ...options }) => {
    const { specLimits } = await import('@driftfarm/spec')
    if (trials > specLimits.trialsPerCell)
      throw new CliError('USAGE', `${trials} trials a cell are more than ${specLimits.trialsPerCell}`, 'ask for fewer')
    const { withSweep } = await import('../session.ts')
    const { note } = await import('../output.ts')
    const { tellStatus } = await import('./status/status.ts')
    await withSweep(shell, text, async (desk, { id, name }) => {
      const { data, warnings } = await desk.act(id, { do: 'extend', trials })
      if (options.json !== true) for (const warning of warnings) note(shell, warning)
      const words =
        `${name}: ${trials} trials a cell are asked for now; run it with --trials ${trials}, or leave ` +
        'it to the farm, to compute them'
      await tellStatus(shell, data, { ...options, words })
    })
  },
})
