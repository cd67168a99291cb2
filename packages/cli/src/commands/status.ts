import { findSweep, listSweeps, sweepStatus } from '@driftfarm/database'
import { renderRecords, statusData, sweepListData } from '@driftfarm/report'
import { print, printJson, terminalWidth } from '../output.ts'
import { short } from '../progress.ts'
import { databaseExists, requireDatabase, withSession } from '../session.ts'
import { list } from './list.ts'

export async function status(text: string | undefined, options: { json?: boolean }): Promise<void> {
  if (text === undefined) return everything(options)
  requireDatabase(text)
  await withSession(async ({ database }) => {
    const { id } = await findSweep(database, text)
    const state = await sweepStatus(database, id)
    if (options.json === true) return printJson('Status', statusData(state))
    const { cells, batches, trials } = state
    await print(
      renderRecords(
        ['', ''],
        [
          ['sweep', `${state.name} (${id})`],
          ['state', state.reason === null ? state.state : `${state.state}: ${state.reason}`],
          ['cells', `${cells.done} done, ${cells.open} open, ${cells.failed} failed`],
          ['trials', `${short(trials.done)} of ${state.stopsByRule ? 'at most ' : ''}${short(trials.demanded)}`],
          [
            'batches',
            `${batches.done} done, ${batches.leased} running, ${batches.ready} waiting, ${batches.failed} failed`,
          ],
          ['events', String(state.events)],
          ...(state.worst === null
            ? []
            : [['worst interval', `±${(state.worst.relative * 100).toPrecision(2)} % (cell ${state.worst.cell})`]]),
        ],
        { width: terminalWidth() },
      ),
    )
  })
}

/** Without a name: the sweeps that are not at their end. */
async function everything(options: { json?: boolean }): Promise<void> {
  if (!databaseExists() || options.json !== true) return list(options)
  const live = await withSession((session) => listSweeps(session.database))
  return printJson('SweepList', sweepListData(live))
}
