import { promptResult } from '@driftfarm/answers'
import { documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { note, printData } from '../output.ts'
import { farmExists, withFarmClient, withSweep } from '../session.ts'

export const status = command('status [sweep]', {
  summary: 'show the progress of a sweep, or of all sweeps',
  examples: ['status', 'status double-well --json'],
  kinds: ['Status', 'SweepList'],
  async act(shell, text, options) {
    if (text !== undefined)
      return withSweep(shell, text, async (farmClient, { id }) =>
        printData(shell, documents.Status, await promptResult(() => farmClient.status({ sweep: id })), options),
      )
    if (!farmExists(shell)) return printData(shell, documents.SweepList, { sweeps: [] }, options)
    const [{ farm }, sweeps] = await withFarmClient(shell, (farmClient) =>
      promptResult(() => Promise.all([farmClient.farm(), farmClient.sweeps()])),
    )
    await printData(shell, documents.SweepList, sweeps, options)
    if (farm?.words) note(shell, farm.words)
  },
})
