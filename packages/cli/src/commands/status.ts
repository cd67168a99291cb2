import { findSweep, listSweeps, type SweepStatus, sweepStatus } from '@driftfarm/database'
import { renderRecords, statusData, sweepListData } from '@driftfarm/report'
import { farmData, reader } from '../farm-words.ts'
import { print, printJson, terminalWidth } from '../output.ts'
import { percent, short } from '../quantity.ts'
import { databaseExists, requireDatabase, type Session, withSession } from '../session.ts'
import { list } from './list.ts'

export async function status(text: string | undefined, options: { json?: boolean }): Promise<void> {
  if (text === undefined) return everything(options)
  requireDatabase(text)
  await withSession(async ({ database, mode }) => {
    const { id } = await findSweep(database, text)
    const state = await sweepStatus(database, id)
    if (options.json === true) return printStatus(state, mode)
    const farm = farmData(state.farm, reader(mode))
    const { cells, batches, trials } = state
    await print(
      renderRecords(
        ['', ''],
        [
          ['sweep', `${state.name} (${id})`],
          ['state', state.reason === null ? state.state : `${state.state}: ${state.reason}`],
          ...(farm === null ? [] : [['farm', farm.words || `${state.workers} workers, ${state.threads} threads`]]),
          ['cells', `${cells.done} done, ${cells.open} open, ${cells.failed} failed`],
          ['trials', `${short(trials.done)} of ${state.stopsByRule ? 'at most ' : ''}${short(trials.demanded)}`],
          [
            'batches',
            `${batches.done} done, ${batches.leased} running, ${batches.ready} waiting, ${batches.failed} failed`,
          ],
          ['events', String(state.events)],
          ...(state.worst === null
            ? []
            : [['worst interval', `±${percent(state.worst.relative)} (cell ${state.worst.cell})`]]),
        ],
        { width: terminalWidth() },
      ),
    )
  })
}

/** The document of a sweep's state. */
export async function printStatus(status: SweepStatus, mode: Session['mode']): Promise<void> {
  await printJson('Status', statusData({ ...status, farm: farmData(status.farm, reader(mode)) }))
}

/** Without a name: the sweeps that are not at their end. */
async function everything(options: { json?: boolean }): Promise<void> {
  if (!databaseExists() || options.json !== true) return list(options)
  const live = await withSession((session) => listSweeps(session.database))
  return printJson('SweepList', sweepListData(live))
}
