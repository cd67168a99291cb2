import { type Database, listSweeps, namesakes, type SweepLine } from '@driftfarm/database'
import { type DifferingSetting, documents, namesakeSettings, sweepListData } from '@driftfarm/report'
import { printDocument, shown } from '../../output.ts'
import { databaseExists, withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'

type Listed = SweepLine & { readonly differs: readonly DifferingSetting[] }

export async function list(shell: Shell, options: { json?: boolean }): Promise<void> {
  await printList(
    shell,
    databaseExists(shell) ? await withSession(shell, ({ database }) => listed(database)) : [],
    options,
  )
}

export async function printList(shell: Shell, sweeps: readonly Listed[], options: { json?: boolean }): Promise<void> {
  await printDocument(shell, shown(documents.SweepList, sweepListData(sweeps)), options)
}

/** Newest first, each with what tells it from others of its name. */
export async function listed(database: Database): Promise<Listed[]> {
  const shared = await namesakes(database)
  const names = new Set(shared.map(({ name }) => name))
  const differs = new Map(
    [...names].flatMap((name) => [...namesakeSettings(shared.filter((sweep) => sweep.name === name))]),
  )
  return (await listSweeps(database)).map((sweep) => ({ ...sweep, differs: differs.get(sweep.id) ?? [] }))
}
