import { promptResult } from '@driftfarm/answers'
import { documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { note, printData } from '../output.ts'
import { farmExists, withFarmClient } from '../session.ts'

export const farm = command('farm', {
  summary: 'show coordinators, workers and their work, the queue, and failures',
  kinds: ['Farm'],
  async act(shell, options) {
    if (!farmExists(shell))
      throw new CliError('NOT_FOUND', 'there is no farm here yet', '`driftfarm run SPEC` or `driftfarm up` starts one')
    await withFarmClient(shell, async (farmClient) => {
      const data = await promptResult(() => farmClient.farm())
      await printData(shell, documents.Farm, data, options)
      if (options.json === true || data.queue.failed === 0) return
      const { causes } = await farmClient.failures()
      for (const { kind, message, open, sweeps } of causes)
        if (open > 0)
          note(shell, `failed: ${open} of ${sweeps.map(({ name }) => name).join(', ')} (${kind}): ${message}`)
    })
  },
})
