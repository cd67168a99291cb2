import type {
  BestData,
  CellCurve,
  CellResult,
  CurvesData,
  DocumentData,
  FarmClient,
  FitData,
  LiveFarm,
  LiveSweep,
  NoSuchEstimate,
  OracleData,
  PlanRequest,
  ReplayResult,
  ResolvedSpec,
  ResultsData,
  RowRecord,
  SortedRows,
  StatusData,
  StreamedResults,
  SubmitOptions,
  TheoremData,
} from '@driftfarm/report'
import { mergedCells, restored } from '@driftfarm/report'
import { type Cell, type DataTable, dataTable, dataValues, type SettingValue } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { CellsStream, linesOf } from './cellsStream.ts'
import { type Address, Requests } from './requests.ts'
import { statuses, streamEventsOnly } from './streamEvents.ts'

const sweepPath = (sweep: string): string => `/sweeps/${encodeURIComponent(sweep)}`

/**
 * A farmClient for a farm that is served over HTTP. Programs can use it like a farmClient that reads the database
 * itself.
 */
export function remoteFarmClient(address: Address): FarmClient {
  const requests = new Requests(address)
  const get = requests.data.bind(requests)

  const specQuery = async ({ set, trials, files }: ResolvedSpec) => {
    const named: string[] = []
    for (const [name, bytes] of files) {
      const hash = bytesToHex(sha256(bytes))
      await requests.send(`/data/${hash}`, { method: 'PUT', type: 'application/octet-stream', body: bytes })
      named.push(`${name}:${hash}`)
    }
    return { trials, set: set.map(([path, value]) => `${path}=${value}`), file: named }
  }

  return {
    async find(text) {
      const { id, name } = await requests.now<StatusData>(sweepPath(text))
      return { id, name }
    },
    sweeps: () => requests.now('/sweeps'),
    status: (sweep) => requests.now(sweepPath(sweep)),
    farm: () => requests.now('/farm'),
    failures: (sweep) => requests.now('/failures', { sweep }),
    recent: (sweep) => get('/recent', { sweep }),
    figure: (sweep, { kind, onCells: _, log, trials, ...request }) =>
      get(`${sweepPath(sweep)}/figures/${kind ?? 'auto'}.json`, {
        ...request,
        log: log?.join(','),
        trials: trials?.join(','),
      }),
    async kernel(id) {
      const { cell, data, module } = await get<Kernel>(`/cells/${id}/kernel`)
      const response = await requests.send(`/kernels/${module}.wasm`, { accept: 'application/wasm' })
      return {
        cell,
        data: data === null ? null : await table(data),
        module: new Uint8Array(await response.arrayBuffer()),
      }
    },
    namesakes: (sweep) => requests.now(`${sweepPath(sweep)}/namesakes`),
    follow: (sweep, { signal }) => statuses(requests, sweep, signal),
    async *live(sweep, options) {
      let live: LiveSweep | null = null
      for await (const { event, data } of streamEventsOnly(requests, `${sweepPath(sweep)}/events`, options)) {
        const { status, cells } = data as Partial<LiveSweep>
        // A snapshot replaces the known state; a delta contains only the changes.
        if (event === 'snapshot' || live === null) live = data as LiveSweep
        else if (event === 'delta')
          live = {
            status: status ?? live.status,
            cells: cells === undefined || cells === null ? live.cells : mergedCells(live.cells, cells),
          }
        else live = { status: status ?? live.status, cells: cells ?? live.cells }
        yield live
      }
    },
    async *liveFarm(options) {
      let live: LiveFarm | null = null
      for await (const { data } of streamEventsOnly(requests, '/events', options)) {
        live = { ...(live ?? {}), ...(data as Partial<LiveFarm>) } as LiveFarm
        yield live
      }
    },
    async results(sweep) {
      const { data, warnings } = await requests.document<ResultsData>(`${sweepPath(sweep)}/results`)
      return { data: { ...data, cells: data.cells.map(withNumbers) }, warnings }
    },
    cells: (sweep, indices) => get(`${sweepPath(sweep)}/cells`, { cells: indices?.join(',') }),
    cell: (sweep, cell) => get(`${sweepPath(sweep)}/cells/${encodeURIComponent(cell)}`),
    data: table,
    async withResults(sweep, use, { cells: among } = {}) {
      const path = `${sweepPath(sweep)}/results`
      const query = { cells: among?.join(',') }
      const response = await requests.send(path, { query })
      const first = new CellsStream<ResultsData, CellResult>(response)
      const head = await first.head()
      let next: typeof first | null = first
      let tailData: Omit<ResultsData, 'sweep' | 'cells'> | null = null

      async function* cells(): AsyncGenerator<CellResult> {
        const document: typeof first = next ?? new CellsStream(await requests.send(path, { query }))
        if (next === null) await document.head()
        next = null
        for await (const cell of document.cells()) yield withNumbers(cell)
        const { sweep: _, cells: __, warnings: ___, ...around } = await document.around()
        tailData ??= around
      }
      const results: StreamedResults = {
        head: { sweep: head.sweep },
        warnings: listIn(response, 'warnings'),
        cells,
        numbers: cells,
        async *settings() {
          const response = await requests.send(`${sweepPath(sweep)}/settings`, { accept: 'application/x-ndjson' })
          for await (const line of linesOf(response)) yield new Map(Object.entries(line) as [string, SettingValue][])
        },
        keep: () => new ArrayRows(),
        async tail() {
          if (tailData === null) for await (const _ of cells());
          return tailData!
        },
      }
      return use(results)
    },
    async curves(sweep) {
      const { data, warnings } = await requests.document<CurvesData>(`${sweepPath(sweep)}/curves`)
      return { data, warnings }
    },
    async withCurves(sweep, use) {
      const { data, warnings } = await requests.document<CurvesData>(`${sweepPath(sweep)}/curves`)
      const { cells, ...head } = data
      return use({
        head,
        warnings,
        async *cells(): AsyncGenerator<CellCurve> {
          yield* cells
        },
        tail: async () => ({}),
      })
    },
    async best(sweep, of, direction) {
      const { kind, data, warnings } = await requests.document<BestData | NoSuchEstimate>(`${sweepPath(sweep)}/best`, {
        query: { of, direction },
      })
      if (kind === 'NoSuchEstimate') return data as NoSuchEstimate
      return { data: restored(data as BestData), warnings }
    },
    async fit(sweep, formula, { method, by, where } = {}) {
      const query = { formula, method, by, where }
      const { data, warnings } = await requests.document<FitData>(`${sweepPath(sweep)}/fit`, { query })
      return { data, warnings }
    },
    compare: async (first, second, { of } = {}) => restored(await get('/compare', { first, second, of })),
    compareSplit: async (first, split, { of } = {}) => restored(await get('/compare', { first, split, of })),
    origins: (sweep) => get(`${sweepPath(sweep)}/spec`),
    async exact(sweep, indices, onCells) {
      return { sweep: await nameOf(sweep), cells: await each<OracleData>(sweep, indices, 'exact', onCells) }
    },
    async theorem(sweep, indices, onCells) {
      return { sweep: await nameOf(sweep), cells: await each<TheoremData>(sweep, indices, 'theorem', onCells) }
    },
    convergence: (sweep, of, indices) => get(`${sweepPath(sweep)}/convergence`, { of, cells: indices.join(',') }),
    async replay(sweep, cell, trial, { control } = {}) {
      const path = `${sweepPath(sweep)}/cells/${encodeURIComponent(cell)}/trials/${trial}`
      const { kind, data } = await requests.document(path, { query: { control } })
      return { kind, data } as ReplayResult
    },
    keptRows: (sweep, cell, count) => get(`${sweepPath(sweep)}/cells/${cell}/rows`, { count }),
    paths: (sweep, cell, trials) => get(`${sweepPath(sweep)}/paths`, { cell, trials: trials.join(',') }),
    async rows(sweep) {
      const response = await requests.send(`${sweepPath(sweep)}/rows`, { accept: 'application/x-ndjson' })
      return {
        columns: listIn(response, 'columns'),
        warnings: listIn(response, 'warnings'),
        records: linesOf(response) as AsyncIterable<RowRecord>,
      }
    },
    async plan(spec: ResolvedSpec, { pilot, sizing }: PlanRequest = {}) {
      // `specQuery` already adds `trials` to the query.
      const { trials: _, ...target } = sizing ?? {}
      const query = { ...(await specQuery(spec)), pilot, ...target }
      const requested = { method: 'POST', type: 'application/yaml', body: spec.text, query } as const
      return (await requests.document<DocumentData<'Plan'>>('/plan', requested)).data
    },
    async submit(spec: ResolvedSpec, { signal }: SubmitOptions = {}) {
      const requested = {
        method: 'POST',
        type: 'application/yaml',
        body: spec.text,
        query: await specQuery(spec),
      } as const
      const response = await requests.send('/sweeps', { ...requested, signal })
      const { data, warnings } = await requests.read<DocumentData<'Submitted'>>(response)
      return { ...data.sweep, isNew: response.status === 201, warnings, reused: data.reused ?? null }
    },
    async act(sweep, action) {
      const body = JSON.stringify(action)
      const requested = { method: 'POST', type: 'application/json', body } as const
      const { data, warnings } = await requests.document<StatusData>(`${sweepPath(sweep)}/actions`, requested)
      return { data, warnings }
    },
    async remove(sweep) {
      const { name } = await nameOf(sweep)
      const requested = { method: 'DELETE', query: { name } } as const
      return (await requests.document<DocumentData<'Removed'>>(sweepPath(sweep), requested)).data
    },
  }

  async function table(hash: string): Promise<DataTable> {
    const response = await requests.send(`/data/${hash}`, { accept: 'application/octet-stream' })
    const [rows, columns] = ['rows', 'columns'].map((name) => Number(response.headers.get(`x-driftfarm-${name}`)))
    return dataTable(rows!, columns!, dataValues(new Uint8Array(await response.arrayBuffer())))
  }

  async function nameOf(sweep: string): Promise<{ readonly name: string }> {
    const { name } = await requests.now<StatusData>(sweepPath(sweep))
    return { name }
  }

  /**
   * Requests one cell at a time, because the server limits the time of a request, and an answer that is not stored
   * takes long to compute.
   */
  async function each<Document extends { readonly cells: readonly unknown[] }>(
    sweep: string,
    indices: readonly number[],
    what: 'exact' | 'theorem',
    onCells: (done: number, total: number) => void = () => undefined,
  ): Promise<Document['cells'][number][]> {
    const cells: Document['cells'][number][] = []
    for (const index of indices) {
      cells.push(...(await get<Document>(`${sweepPath(sweep)}/cells/${index}/${what}`)).cells)
      onCells(cells.length, indices.length)
    }
    return cells
  }
}

/** Reads a list from a header, because headers are available before the body is read. */
const listIn = ({ headers }: Response, name: string): string[] =>
  (headers.get(`x-driftfarm-${name}`) ?? '').split(' ').filter(Boolean).map(decodeURIComponent)

interface Kernel {
  readonly cell: Cell
  /** Hash of the data set that the cell uses; null if it uses none. */
  readonly data: string | null
  /** Hash of the WebAssembly module that computes the cell. */
  readonly module: string
}

/** JSON represents infinite limits of intervals as strings. */
const withNumbers = (cell: CellResult): CellResult => ({ ...cell, estimates: restored(cell.estimates) })

class ArrayRows<Row> extends Array<Row> implements SortedRows<Row> {
  add(row: Row): void {
    this.push(row)
  }
}
