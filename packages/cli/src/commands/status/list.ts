import { promptResult } from '@driftfarm/answers'
import { documents, type SweepListData } from '@driftfarm/report'
import { printDocument, printedDocument } from '../../output.ts'
import { farmExists, withFarmClient } from '../../session.ts'
import type { Shell } from '../../shell.ts'

export async function list(shell: Shell, options: { json?: boolean }): Promise<void> {
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
