import { findSweep, type SweepStatus, stateOfFarm, sweepStatus } from '@driftfarm/database'
import { renderRecords, statusData } from '@driftfarm/report'
import { farmData, farmWords, type Reader } from '../farmWords.ts'
import { note, pageOf, print, printJson } from '../output.ts'
import { percent, short } from '../quantity.ts'
import { databaseExists, requireDatabase, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { listed, printList } from './list.ts'

export async function status(shell: Shell, text: string | undefined, options: { json?: boolean }): Promise<void> {
  if (text === undefined) return everything(shell, options)
  requireDatabase(shell, text)
  await withSession(shell, async ({ database, reader }) => {
    const { id } = await findSweep(database, text)
    const state = await sweepStatus(database, id)
    if (options.json === true) return printStatus(shell, state, reader)
    const farm = farmData(state.farm, reader)
    const { cells, batches, trials } = state
    await print(
      shell,
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
        { width: pageOf(shell).width },
      ),
    )
  })
}

/** The document of a sweep's state. */
export async function printStatus(shell: Shell, status: SweepStatus, reader: Reader): Promise<void> {
  await printJson(shell, 'Status', statusData({ ...status, farm: farmData(status.farm, reader) }))
}

/** Without a name: all sweeps, and what the farm lacks to go on with those that wait for it. */
async function everything(shell: Shell, options: { json?: boolean }): Promise<void> {
  if (!databaseExists(shell)) return printList(shell, [], options)
  const { sweeps, lack } = await withSession(shell, async ({ database, reader }) => {
    const farm = await stateOfFarm(database)
    return { sweeps: await listed(database), lack: farm === null ? '' : farmWords(farm, reader) }
  })
  await printList(shell, sweeps, options)
  if (options.json !== true && lack !== '') note(shell, lack)
}
