import { type SweepStatus, stateOfFarm, sweepStatus } from '@driftfarm/database'
import { renderRecords, statusData } from '@driftfarm/report'
import { farmData, farmWords, type Reader } from '../../farmWords.ts'
import { note, type Page, type PrintedDocument, printDocument } from '../../output.ts'
import { percent, short } from '../../quantity.ts'
import { databaseExists, type Session, withSession, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { listed, printList } from './list.ts'

export async function status(shell: Shell, text: string | undefined, options: { json?: boolean }): Promise<void> {
  if (text === undefined) return everything(shell, options)
  await withSweep(shell, text, async ({ database, reader }, { id }) =>
    printDocument(shell, statusDocument(await sweepStatus(database, id), reader), options),
  )
}

/** What has been done to a sweep: its state now, or words. */
export async function tellStatus(
  shell: Shell,
  { database, reader }: Session,
  id: string,
  { words, json }: { readonly json?: boolean; readonly words: string },
): Promise<void> {
  if (json === true) await printDocument(shell, statusDocument(await sweepStatus(database, id), reader), { json })
  else note(shell, words)
}

function statusDocument(state: SweepStatus, reader: Reader): PrintedDocument {
  const farm = farmData(state.farm, reader)
  const { id, cells, batches, trials } = state
  const lines = [
    ['sweep', `${state.name} (${id})`],
    ['state', state.reason === null ? state.state : `${state.state}: ${state.reason}`],
    ...(farm === null ? [] : [['farm', farm.words || `${state.workers} workers, ${state.threads} threads`]]),
    ['cells', `${cells.done} done, ${cells.open} open, ${cells.failed} failed`],
    ['trials', `${short(trials.done)} of ${state.stopsByRule ? 'at most ' : ''}${short(trials.demanded)}`],
    ['batches', `${batches.done} done, ${batches.leased} running, ${batches.ready} waiting, ${batches.failed} failed`],
    ['events', String(state.events)],
    ...(state.worst === null
      ? []
      : [['worst interval', `±${percent(state.worst.relative)} (cell ${state.worst.cell})`]]),
  ]
  const table = ({ width }: Page) => renderRecords(['', ''], lines, { width })
  return { kind: 'Status', data: statusData({ ...state, farm }), table }
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
