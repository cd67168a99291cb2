import { isDeepStrictEqual } from 'node:util'
import { cellsData, databaseSilentError, withTimeLimit } from '@driftfarm/answers'
import {
  changedCells,
  type Database,
  type SlimCell,
  type SlimChanges,
  type SweepHead,
  snapshotOf,
  sweepHead,
} from '@driftfarm/database'
import { farmMessage, type MessageAudience } from '@driftfarm/farm'
import {
  type CellChanges,
  type CellsData,
  documentJson,
  type FarmClient,
  type FarmData,
  type StatusData,
} from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { Feed, type StateReader } from './feed.ts'

/**
 * The streams of a sweep contain its cells if it has at most this many. For larger sweeps, clients request the cells
 * separately.
 */
const maxCells = 50_000

/**
 * Shortest pause in ms between two reads. Two commits of one thread are half a second apart, so the counts of a sweep
 * move at least once a second. The farm is read half as often, because its queries cost more.
 */
const sweepEveryMs = 450
const farmEveryMs = 900

export type Feeds = ReturnType<typeof createFeeds>

export function createFeeds(database: Database, farmClient: FarmClient, reader: MessageAudience) {
  const feeds = new Map<string, Feed>()
  let closed = false

  const feedOf = (key: string, everyMs: number, make: () => StateReader): Feed => {
    const known = feeds.get(key)
    if (known !== undefined) return known
    const onIdle = (): void => {
      if (feed.watchers === 0) feeds.delete(key)
    }
    const feed = new Feed(make, onIdle, everyMs)
    if (!closed) feeds.set(key, feed)
    return feed
  }

  /**
   * Returns a function that runs the query. While the database does not answer, `known` makes its result from the
   * result of the last query that was answered.
   */
  const remembering = <T>(query: () => Promise<T>, known: (last: T, farm: FarmData) => T) => {
    const limited = withTimeLimit(query)
    let last: T | null = null
    return async (): Promise<{ readonly state: T; readonly answered: boolean }> => {
      const outcome = await limited()
      if ('value' in outcome) {
        last = outcome.value
        return { state: last, answered: true }
      }
      if (last === null) throw outcome.error ?? databaseSilentError()
      const { trouble } = outcome
      const farm = { state: trouble.state, words: farmMessage(trouble, reader) }
      return { state: known(last, farm), answered: false }
    }
  }

  const sweepReader = (sweep: string, withCells: boolean): StateReader => {
    const changes = cellChanges(database, sweep)
    const query = remembering(
      async () => {
        const status = await farmClient.status({ sweep })
        return { status, changed: withCells && isShown(status) ? await changes.read(status) : null }
      },
      ({ status }, farm) => ({ status: { ...status, farm }, changed: null }),
    )
    let before = ''
    return {
      async read() {
        const { state, answered } = await query()
        const { status, changed } = state
        const text = documentJson(status)
        const change = {
          ...(text === before ? {} : { status }),
          ...(changed === null ? {} : { cells: changed }),
        }
        before = text
        return {
          whole: () => `{"status":${text},"cells":${documentJson(changes.all())}}`,
          change: Object.keys(change).length === 0 ? null : documentJson(change),
          ended: isEnded(status.state) ? `{"status":${text}}` : null,
          answered,
        }
      },
    }
  }

  const farmReader = (): StateReader => {
    const query = remembering(
      async () => {
        const [sweeps, farm] = await Promise.all([farmClient.sweeps(), farmClient.farm()])
        return { sweeps, farm }
      },
      (last, farm) => ({ ...last, farm: { ...last.farm, farm } }),
    )
    let before = { farm: '', sweeps: new Map<string, string>() }
    return {
      async read() {
        const { state, answered } = await query()
        const all = state.sweeps.sweeps.map((sweep) => [sweep.id, documentJson(sweep)] as const)
        const now = { farm: documentJson(state.farm), sweeps: new Map(all) }
        const changed = all.filter(([id, text]) => text !== before.sweeps.get(id)).map(([, text]) => text)
        const [order, orderBefore] = [now, before].map(({ sweeps }) => JSON.stringify([...sweeps.keys()]))
        const parts = [
          ...(changed.length > 0 ? [`"sweeps":{"sweeps":[${changed}]}`] : []),
          ...(order === orderBefore ? [] : [`"order":${order}`]),
          ...(now.farm === before.farm ? [] : [`"farm":${now.farm}`]),
        ]
        before = now
        return {
          whole: () => `{"sweeps":${documentJson(state.sweeps)},"farm":${now.farm}}`,
          change: parts.length === 0 ? null : `{${parts}}`,
          ended: null,
          answered,
        }
      },
    }
  }

  return {
    sweep: (id: string, cells: boolean): Feed =>
      feedOf(`${cells ? 'cells' : 'status'} ${id}`, sweepEveryMs, () => sweepReader(id, cells)),
    /** The feed of all sweeps and the farm. */
    everything: (): Feed => feedOf('', farmEveryMs, farmReader),
    watchers: (): number => [...feeds.values()].reduce((sum, feed) => sum + feed.watchers, 0),
    /** Ends all streams, because a server cannot close while one is open. */
    close(): void {
      closed = true
      for (const feed of feeds.values()) feed.close()
    },
  }
}

const isShown = ({ cells }: StatusData): boolean => cells.open + cells.done + cells.failed <= maxCells

/** Reads the cells of a sweep, and finds those that have changed since they were last read. */
function cellChanges(database: Database, sweep: string) {
  const known = new Map<number, SlimCell>()
  let head: SweepHead | null = null
  let since: SlimChanges | null = null
  let mark = ''
  return {
    /** All cells, in order; null before the first read. */
    all(): CellsData | null {
      const cells = [...known.values()].sort((a, b) => a.index - b.index)
      return head && cellsData(head, cells)
    },
    /**
     * Cells are read only if a counter of the sweep has changed or batches are running. Returns null if neither a cell
     * nor the version has changed.
     */
    read({ batches: { leased, ready } }: StatusData): Promise<CellChanges | null> {
      return snapshotOf(database, async (reading) => {
        const now = await sweepHead(reading, sweep)
        const next = `${now.version} ${leased} ${ready}`
        if (next === mark && leased === 0) return null
        mark = next
        since = await changedCells(reading, now, since)
        let isNew = false
        const moved = since.cells.filter((cell) => {
          const before = known.get(cell.index)
          if (isDeepStrictEqual(before, cell)) return false
          isNew ||= before === undefined
          known.set(cell.index, cell)
          return true
        })
        if (moved.length === 0 && now.version === head?.version) return null
        head = now
        // The parameters of a cell never change.
        const { params, ...rest } = cellsData(now, moved)
        return isNew ? { params, ...rest } : rest
      })
    },
  }
}
