import { databaseSource } from '@driftfarm/answers'
import type { Database } from '@driftfarm/database'
import { renderRecords, type SweepListData, settingsText } from '@driftfarm/report'
import { print, printJson, terminalWidth } from '../output.ts'
import { short } from '../quantity.ts'
import { databaseExists, withSession } from '../session.ts'

type Listed = SweepListData['sweeps'][number]

export async function list(options: { json?: boolean }): Promise<void> {
  await printList(databaseExists() ? await withSession(({ database }) => listed(database)) : [], options)
}

export async function printList(sweeps: readonly Listed[], options: { json?: boolean }): Promise<void> {
  if (options.json === true) return printJson('SweepList', { sweeps })
  const width = terminalWidth()
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
  if (apart.length === 0) return print(table)
  const told = apart.map((sweep) => [sweep.name, sweep.id.slice(0, 12), differsText(sweep)])
  await print(`${table}\n${renderRecords(['name', 'id', 'sweeps of one name differ in'], told, { width })}`)
}

/** Newest first, each with what tells it from others of its name. */
export async function listed(database: Database): Promise<readonly Listed[]> {
  return (await databaseSource(database).sweeps()).sweeps
}

function differsText({ differs, newest }: Listed): string {
  const text = settingsText(differs)
  return newest && text !== '' ? `newest: ${text}` : text
}
