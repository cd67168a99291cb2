import { databaseSource } from '@driftfarm/answers'
import type { Database } from '@driftfarm/database'
import { renderRecords, type SweepListData, settingsText } from '@driftfarm/report'
import { type Page, printDocument } from '../../output.ts'
import { short } from '../../quantity.ts'
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
  const table = ({ width }: Page) => listTable(sweeps, width)
  await printDocument(shell, { kind: 'SweepList', data: { sweeps }, table }, options)
}

function listTable(sweeps: readonly Listed[], width: number): string {
  const table = renderRecords(
    ['name', 'id', 'state', 'cells', 'trials', 'submitted (UTC)'],
    sweeps.map((sweep) => [
      sweep.name,
      sweep.id.slice(0, 12),
      sweep.state,
      sweep.cells,
      `${short(BigInt(sweep.trialsDone))} / ${short(BigInt(sweep.trialsDemanded))}`,
      sweep.submittedAt.slice(0, 16).replace('T', ' '),
    ]),
    { width },
  )
  const apart = sweeps.filter(({ differs }) => differs.length > 0)
  if (apart.length === 0) return table
  const told = apart.map((sweep) => [sweep.name, sweep.id.slice(0, 12), differsText(sweep)])
  return `${table}\n${renderRecords(['name', 'id', 'sweeps of one name differ in'], told, { width })}`
}

/** Newest first, each with what tells it from others of its name. */
export async function listed(database: Database): Promise<readonly Listed[]> {
  return (await databaseSource(database).sweeps()).sweeps
}

function differsText({ differs, newest }: Listed): string {
  const text = settingsText(differs)
  return newest && text !== '' ? `newest: ${text}` : text
}
