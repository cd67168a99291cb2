import { type Database, listSweeps, namesakes, type SweepLine } from '@driftfarm/database'
import { type DifferingSetting, namesakeSettings, renderRecords, settingsText, sweepListData } from '@driftfarm/report'
import { pageOf, print, printJson } from '../output.ts'
import { short } from '../quantity.ts'
import { databaseExists, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'

type Listed = SweepLine & { readonly differs: readonly DifferingSetting[] }

export async function list(shell: Shell, options: { json?: boolean }): Promise<void> {
  await printList(
    shell,
    databaseExists(shell) ? await withSession(shell, ({ database }) => listed(database)) : [],
    options,
  )
}

export async function printList(shell: Shell, sweeps: readonly Listed[], options: { json?: boolean }): Promise<void> {
  if (options.json === true) return printJson(shell, 'SweepList', sweepListData(sweeps))
  const { width } = pageOf(shell)
  const table = renderRecords(
    ['name', 'id', 'state', 'cells', 'trials', 'submitted (UTC)'],
    sweeps.map((sweep) => [
      sweep.name,
      sweep.id.slice(0, 12),
      sweep.state,
      sweep.cells,
      `${short(sweep.trialsDone)} / ${short(sweep.trialsDemanded)}`,
      sweep.submittedAt.slice(0, 16).replace('T', ' '),
    ]),
    { width },
  )
  const apart = sweeps.filter(({ differs }) => differs.length > 0)
  if (apart.length === 0) return print(shell, table)
  const told = apart.map((sweep) => [sweep.name, sweep.id.slice(0, 12), differsText(sweep)])
  await print(shell, `${table}\n${renderRecords(['name', 'id', 'sweeps of one name differ in'], told, { width })}`)
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

function differsText({ differs, newest }: Listed): string {
  const text = settingsText(differs)
  return newest && text !== '' ? `newest: ${text}` : text
}
