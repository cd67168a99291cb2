import { findSweep, type SweepStatus, stateOfFarm, sweepStatus } from '@driftfarm/database'
import { renderRecords, statusData } from '@driftfarm/report'
import { farmData, farmWords, reader } from '../farmWords.ts'
import { note, print, printJson, terminalWidth } from '../output.ts'
import { percent, short } from '../quantity.ts'
import { databaseExists, requireDatabase, type Session, withSession } from '../session.ts'
import { listed, printList } from './list.ts'

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

/** Without a name: all sweeps, and what the farm lacks to go on with those that wait for it. */
async function everything(options: { json?: boolean }): Promise<void> {
  if (!databaseExists()) return printList([], options)
  const { sweeps, lack } = await withSession(async ({ database, mode }) => {
    const farm = await stateOfFarm(database)
    return { sweeps: await listed(database), lack: farm === null ? '' : farmWords(farm, reader(mode)) }
  })
  await printList(sweeps, options)
  if (options.json !== true && lack !== '') note(lack)
}
