import { promptResult } from '@driftfarm/answers'
import { documents, type SweepListData } from '@driftfarm/report'
import { printDocument, shown } from '../../output.ts'
import { farmExists, withDesk } from '../../session.ts'
import type { Shell } from '../../shell.ts'

export async function list(shell: Shell, options: { json?: boolean }): Promise<void> {
  const { sweeps } = farmExists(shell)
    ? await withDesk(shell, (desk) => promptResult(() => desk.sweeps()))
    : { sweeps: [] }
  await printList(shell, sweeps, options)
}

export async function printList(
  shell: Shell,
  sweeps: SweepListData['sweeps'],
  options: { json?: boolean },
): Promise<void> {
  await printDocument(shell, shown(documents.SweepList, { sweeps }), options)
}
