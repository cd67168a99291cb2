import { databaseSource } from '@driftfarm/answers'
import type { Database } from '@driftfarm/database'
import { documents, type SweepListData } from '@driftfarm/report'
import { printDocument, shown } from '../../output.ts'
import { databaseExists, withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'

type Listed = SweepListData['sweeps'][number]

export async function list(shell: Shell, options: { json?: boolean }): Promise<void> {
  await printList(
    shell,
    databaseExists(shell) ? await withSession(shell, ({ database }) => listed(database)) : [],
    options,
  )
}

export async function printList(shell: Shell, sweeps: readonly Listed[], options: { json?: boolean }): Promise<void> {
  await printDocument(shell, shown(documents.SweepList, { sweeps }), options)
}

/** All sweeps, the newest first, each with what tells it from others of its name. */
export async function listed(database: Database): Promise<readonly Listed[]> {
  return (await databaseSource(database).sweeps()).sweeps
}
