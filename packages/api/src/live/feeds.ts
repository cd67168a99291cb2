import { cellsData } from '@driftfarm/answers'
import { type Database, slimCells, slimHead, snapshotOf } from '@driftfarm/database'
import { type CellsData, type Desk, documentJson, type StatusData } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { Feed, type Looks, type Told } from './feed.ts'

/** Cells of a sweep that are told one by one; of more only their number is, and maps are asked for. */
const mostCells = 20_000

/** All that is told live. */
export class Feeds {
  readonly #database: Database
  readonly #desk: Desk
  readonly #feeds = new Map<string, Feed>()
  #closed = false

  constructor(database: Database, desk: Desk) {
    this.#database = database
    this.#desk = desk
  }

  /** A sweep: its status, and with `cells` its cells as a map shows them. */
  sweep(id: string, cells: boolean): Feed {
    return this.#feed(
      `${cells ? 'cells' : 'status'} ${id}`,
      () => new SweepLooks(this.#database, this.#desk, id, cells),
    )
  }

  /** All sweeps and the farm. */
  everything(): Feed {
    return this.#feed('', () => new FarmLooks(this.#desk))
  }

  get watchers(): number {
    return [...this.#feeds.values()].reduce((sum, feed) => sum + feed.watchers, 0)
  }

  /** Ends all streams: a server does not close while one is open. */
  close(): void {
    this.#closed = true
    for (const feed of this.#feeds.values()) feed.close()
  }

  #feed(key: string, make: () => Looks): Feed {
    const known = this.#feeds.get(key)
    if (known !== undefined) return known
    const feed = new Feed(make, () => {
      if (feed.watchers === 0) this.#feeds.delete(key)
    })
    if (!this.#closed) this.#feeds.set(key, feed)
    return feed
  }
}

class SweepLooks implements Looks {
  readonly #database: Database
  readonly #desk: Desk
  readonly #id: string
  readonly #withCells: boolean
  #status = ''
  #rows = new Map<number, string>()
  #cells: CellsData | null = null
  #mark = ''

  constructor(database: Database, desk: Desk, id: string, withCells: boolean) {
    this.#database = database
    this.#desk = desk
    this.#id = id
    this.#withCells = withCells
  }

  async look(): Promise<Told> {
    const status = await this.#desk.status(this.#id)
    const changed = this.#withCells && isShown(status) ? await this.#changedCells(status) : null
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
    }
  }

  /** The cells that have changed since the last look; what is stored is read only where a counter has moved. */
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

const isShown = ({ cells }: StatusData): boolean => cells.open + cells.done + cells.failed <= mostCells

class FarmLooks implements Looks {
  readonly #desk: Desk
  #sweeps = ''
  #farm = ''

  constructor(desk: Desk) {
    this.#desk = desk
  }

  async look(): Promise<Told> {
    const [sweeps, farm] = await Promise.all([this.#desk.sweeps(), this.#desk.farm()])
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
    }
  }
}
