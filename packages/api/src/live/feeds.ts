import {
  cellsData,
  type DatabaseTrouble,
  databaseSilentError,
  type QueryOutcome,
  withTimeLimit,
} from '@driftfarm/answers'
import { type Database, slimCells, slimHead, snapshotOf } from '@driftfarm/database'
import { farmMessage, type MessageAudience } from '@driftfarm/farm'
import {
  type CellsData,
  documentJson,
  type FarmClient,
  type FarmData,
  type StatusData,
  type SweepListData,
  type WholeFarmData,
} from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { Feed, type StateRead, type StateReader } from './feed.ts'

/**
 * The streams of a sweep contain its cells if it has at most this many. For larger sweeps, clients request the cells
 * separately.
 */
const maxCells = 20_000

export class Feeds {
  readonly #database: Database
  readonly #farmClient: FarmClient
  readonly #reader: MessageAudience
  readonly #feeds = new Map<string, Feed>()
  #closed = false

  constructor(database: Database, farmClient: FarmClient, reader: MessageAudience) {
    this.#database = database
    this.#farmClient = farmClient
    this.#reader = reader
  }

  sweep(id: string, cells: boolean): Feed {
    return this.#feed(
      `${cells ? 'cells' : 'status'} ${id}`,
      () => new SweepStateReader(this.#database, this.#farmClient, this.#reader, { id, cells }),
    )
  }

  /** The feed of all sweeps and the farm. */
  everything(): Feed {
    return this.#feed('', () => new FarmStateReader(this.#farmClient, this.#reader))
  }

  get watchers(): number {
    return [...this.#feeds.values()].reduce((sum, feed) => sum + feed.watchers, 0)
  }

  /** Ends all streams, because a server cannot close while one is open. */
  close(): void {
    this.#closed = true
    for (const feed of this.#feeds.values()) feed.close()
  }

  #feed(key: string, make: () => StateReader): Feed {
    const known = this.#feeds.get(key)
    if (known !== undefined) return known
    const feed = new Feed(make, () => {
      if (feed.watchers === 0) this.#feeds.delete(key)
    })
    if (!this.#closed) this.#feeds.set(key, feed)
    return feed
  }
}

class SweepStateReader implements StateReader {
  readonly #database: Database
  readonly #reader: MessageAudience
  readonly #id: string
  readonly #withCells: boolean
  readonly #query: () => Promise<QueryOutcome<{ readonly status: StatusData; readonly changed: CellsData | null }>>
  #known: StatusData | null = null
  #status = ''
  #rows = new Map<number, string>()
  #cells: CellsData | null = null
  #mark = ''

  constructor(
    database: Database,
    farmClient: FarmClient,
    reader: MessageAudience,
    { id, cells }: { id: string; cells: boolean },
  ) {
    this.#database = database
    this.#reader = reader
    this.#id = id
    this.#withCells = cells
    this.#query = withTimeLimit(async () => {
      const status = await farmClient.status({ sweep: id })
      return { status, changed: this.#withCells && isShown(status) ? await this.#changedCells(status) : null }
    })
  }

  async read(): Promise<StateRead> {
    const outcome = await this.#query()
    if ('value' in outcome) this.#known = outcome.value.status
    else if (this.#known === null) throw outcome.error ?? databaseSilentError()
    const status =
      'value' in outcome ? this.#known! : { ...this.#known!, farm: farmDataOf(outcome.trouble, this.#reader) }
    const changed = 'value' in outcome ? outcome.value.changed : null
    const text = documentJson(status)
    const change = {
      ...(text === this.#status ? {} : { status }),
      ...(changed === null || changed.index.length === 0 ? {} : { cells: changed }),
    }
    this.#status = text
    return {
      whole: () => `{"status":${text},"cells":${this.#cells === null ? 'null' : documentJson(this.#cells)}}`,
      change: Object.keys(change).length === 0 ? null : documentJson(change),
      ended: isEnded(status.state),
      answered: 'value' in outcome,
    }
  }

  /**
   * Cells are read only if a counter of the sweep has changed or batches are running. Returns null if no cell can have
   * changed.
   */
  async #changedCells(status: StatusData): Promise<CellsData | null> {
    const { leased, ready } = status.batches
    return snapshotOf(this.#database, async (reading) => {
      const head = await slimHead(reading, this.#id)
      const mark = `${head.version} ${leased} ${ready}`
      if (mark === this.#mark && leased === 0) return null
      this.#mark = mark
      const cells = await slimCells(reading, head)
      const texts = cells.map((cell) => [cell.index, JSON.stringify(cell)] as const)
      const moved = new Set(texts.filter(([index, text]) => this.#rows.get(index) !== text).map(([index]) => index))
      this.#rows = new Map(texts)
      this.#cells = cellsData(head, cells)
      return cellsData(
        head,
        cells.filter(({ index }) => moved.has(index)),
      )
    })
  }
}

const farmDataOf = (trouble: DatabaseTrouble, reader: MessageAudience): FarmData => ({
  state: trouble.state,
  words: farmMessage(trouble, reader),
})

const isShown = ({ cells }: StatusData): boolean => cells.open + cells.done + cells.failed <= maxCells

class FarmStateReader implements StateReader {
  readonly #reader: MessageAudience
  readonly #query: () => Promise<QueryOutcome<readonly [SweepListData, WholeFarmData]>>
  #known: readonly [SweepListData, WholeFarmData] | null = null
  #sweeps = ''
  #farm = ''

  constructor(farmClient: FarmClient, reader: MessageAudience) {
    this.#reader = reader
    this.#query = withTimeLimit(() => Promise.all([farmClient.sweeps(), farmClient.farm()]))
  }

  async read(): Promise<StateRead> {
    const outcome = await this.#query()
    if ('value' in outcome) this.#known = outcome.value
    else if (this.#known === null) throw outcome.error ?? databaseSilentError()
    const [sweeps, known] = this.#known!
    const farm = 'value' in outcome ? known : { ...known, farm: farmDataOf(outcome.trouble, this.#reader) }
    const [sweepsText, farmText] = [documentJson(sweeps), documentJson(farm)]
    const parts = [
      ...(sweepsText === this.#sweeps ? [] : [`"sweeps":${sweepsText}`]),
      ...(farmText === this.#farm ? [] : [`"farm":${farmText}`]),
    ]
    this.#sweeps = sweepsText
    this.#farm = farmText
    return {
      whole: () => `{"sweeps":${sweepsText},"farm":${farmText}}`,
      change: parts.length === 0 ? null : `{${parts.join(',')}}`,
      ended: false,
      answered: 'value' in outcome,
    }
  }
}
