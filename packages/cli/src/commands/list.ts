import { type Database, listSweeps, namesakes, type SweepLine } from '@driftfarm/database'
import { type DifferingSetting, namesakeSettings, renderRecords, settingsText, sweepListData } from '@driftfarm/report'
import { print, printJson, terminalWidth } from '../output.ts'
import { databaseExists, withSession } from '../session.ts'

type Listed = SweepLine & { readonly differs: readonly DifferingSetting[] }

export async function list(options: { json?: boolean }): Promise<void> {
  await printList(databaseExists() ? await withSession(({ database }) => listed(database)) : [], options)
}

export async function printList(sweeps: readonly Listed[], options: { json?: boolean }): Promise<void> {
  if (options.json === true) return printJson('SweepList', sweepListData(sweeps))
  const apart = sweeps.some(({ differs }) => differs.length > 0)
  await print(
    renderRecords(
      ['name', 'id', 'state', 'cells', 'trials', 'submitted (UTC)', ...(apart ? ['differs in'] : [])],
      sweeps.map((sweep) => [
        sweep.name,
        sweep.id.slice(0, 12),
        sweep.state,
        sweep.cells,
        `${sweep.trialsDone} / ${sweep.trialsDemanded}`,
        sweep.submittedAt.slice(0, 16).replace('T', ' '),
        ...(apart ? [differsText(sweep)] : []),
      ]),
      { width: terminalWidth() },
    ),
  )
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
