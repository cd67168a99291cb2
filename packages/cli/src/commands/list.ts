import { listSweeps } from '@driftfarm/database'
import { renderRecords, sweepListData } from '@driftfarm/report'
import { print, printJson, terminalWidth } from '../output.ts'
import { databaseExists, withSession } from '../session.ts'

export async function list(options: { json?: boolean }): Promise<void> {
  const sweeps = databaseExists() ? await withSession((session) => listSweeps(session.database)) : []
  if (options.json === true) return printJson('SweepList', sweepListData(sweeps))
  await print(
    renderRecords(
      ['name', 'id', 'state', 'cells', 'trials', 'submitted'],
      sweeps.map((sweep) => [
        sweep.name,
        sweep.id.slice(0, 12),
        sweep.state,
        sweep.cells,
        `${sweep.trialsDone} / ${sweep.trialsDemanded}`,
        sweep.submittedAt,
      ]),
      { width: terminalWidth() },
    ),
  )
}
