import { promptResult } from '@driftfarm/answers'
import { documents, type SweepListData } from '@driftfarm/report'
import { command } from '../command.ts'
import { json } from '../options/shared.ts'
import { printDocument, printedDocument } from '../output.ts'
import { farmExists, withFarmClient } from '../session.ts'
import type { Shell } from '../shell.ts'

export const list = command({
  name: 'list',
  after: 'slurm',
  arguments: [],
  summary: 'list all sweeps, newest first',
  options: { json },
  examples: ['list'],
  kinds: ['SweepList'],
  act,
})

async function act(shell: Shell, options: { json?: boolean }): Promise<void> {
  const { sweeps } = farmExists(shell)
    ? await withFarmClient(shell, (farmClient) => promptResult(() => farmClient.sweeps()))
    : { sweeps: [] }
  await printList(shell, sweeps, options)
}

export async function printList(
  shell: Shell,
  sweeps: SweepListData['sweeps'],
  options: { json?: boolean },
): Promise<void> {
  await printDocument(shell, printedDocument(documents.SweepList, { sweeps }), options)
}
