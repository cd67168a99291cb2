import { setTimeout as wait } from 'node:timers/promises'
import { type Database, type SweepStatus, sweepStatus } from '@driftfarm/database'
import type { LiveFarm, LiveOptions, LiveSweep, StatusData, SweepListData, WholeFarmData } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { cellsForMaps } from './slim.ts'

const everyMs = 500

/** For sweeps with more cells than this, `cells` is null. */
export const maxLiveCells = 20_000

/** Yields the status and the cells of a sweep now and after each change, until the sweep ends. */
export async function* liveSweep(
  database: Database,
  sweepId: string,
  { signal }: LiveOptions,
  standing: (status: SweepStatus) => StatusData,
): AsyncGenerator<LiveSweep> {
  let last = ''
  while (!signal.aborted) {
    const status = standing(await sweepStatus(database, sweepId))
    const { open, done, failed } = status.cells
    const cells = open + done + failed > maxLiveCells ? null : await cellsForMaps(database, sweepId)
    const text = JSON.stringify([status, cells])
    if (text !== last) yield { status, cells }
    last = text
    if (isEnded(status.state)) return
    await wait(everyMs, undefined, { signal }).catch(() => undefined)
  }
}

export async function* liveFarm(
  { signal }: LiveOptions,
  query: { readonly sweeps: () => Promise<SweepListData>; readonly farm: () => Promise<WholeFarmData> },
): AsyncGenerator<LiveFarm> {
  let last = ''
  while (!signal.aborted) {
    const [sweeps, farm] = await Promise.all([query.sweeps(), query.farm()])
    const text = JSON.stringify([sweeps, farm])
    if (text !== last) yield { sweeps, farm }
    last = text
    await wait(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
