import { promptResult } from '@driftfarm/answers'
import { documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { printData } from '../output.ts'
import { farmExists, withFarmClient } from '../session.ts'

export const list = command('list', {
  summary: 'list all sweeps, newest first',
  kinds: ['SweepList'],
  async act(shell, options) {
    const found = farmExists(shell)
      ? await withFarmClient(shell, (farmClient) => promptResult(() => farmClient.sweeps()))
      : { sweeps: [] }
    await printData(shell, documents.SweepList, found, options)
  },
})
