import { restored } from '@driftfarm/formula'
import {
  addresses,
  answeredBy,
  type CellCurve,
  type CellResult,
  type CurvesData,
  collected,
  type DocumentData,
  type FarmClient,
  type LiveFarm,
  type LiveSource,
  type LiveSweep,
  mergedCells,
  mergedSweeps,
  type PlanRequest,
  type ResolvedSpec,
  type ResultsData,
  type RowRecord,
  receptions,
  type SentAnswer,
  type StatusData,
  type StreamedResults,
  type SubmitOptions,
} from '@driftfarm/report'
import { type Cell, type DataTable, readTables, type SettingValue, storedValues, tableOfValues } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { CellsStream, linesOf } from './cellsStream.ts'
import { type Address, type Query, Requests } from './requests.ts'
import { statesOf, statuses } from './streamEvents.ts'

/**
 * Time limit in ms for answers that need no computation. The limit leaves a busy server enough time to report that its
 * database does not answer.
 */
const promptMs = 15_000

const sweepPath = (sweep: string): string => `/sweeps/${encodeURIComponent(sweep)}`

/**
 * A farmClient for a farm that is served over HTTP. Programs can use it like a farmClient that reads the database
 * itself.
 */
export function remoteFarmClient(address: Address): FarmClient & LiveSource {
  const requests = new Requests(address)

  /** A request that sends a spec. The files that the spec names are uploaded first. */
  const specRequest = async ({ text, set, trials, files }: ResolvedSpec, more: Query = {}) => {
    const file: string[] = []
    for (const [name, bytes] of files) {
      const hash = bytesToHex(sha256(bytes))
      await requests.send(`/data/${hash}`, { method: 'PUT', type: 'application/octet-stream', body: bytes })
      file.push(`${name}:${hash}`)
    }
    const query: Query = { trials, set: set.map(([path, value]) => `${path}=${value}`), file, ...more }
    return { method: 'POST', type: 'application/yaml', body: text, query } as const
  }

  const client: FarmClient & LiveSource = {
    ...answeredBy(async (name, input) => {
      const { path, takes, received } = addresses[name]
      const query: Record<string, Query[string]> = { ...input }
      const filled = path.replace(/:(\w+)/g, (_, key) => {
        const value = String(query[key])
        delete query[key]
        return encodeURIComponent(value)
      })
      const lists = Object.entries(query).map(([key, value]) => [key, Array.isArray(value) ? value.join() : value])
      const withinMs = takes === 'prompt' ? promptMs : undefined
      const sent: SentAnswer = await requests.document(filled, { query: Object.fromEntries(lists), withinMs })
      return receptions[received](sent)
    }),
    async find(text) {
      const { id, name } = await client.status({ sweep: text })
      return { id, name }
    },
    figure: (sweep, { kind, onCells: _, log, trials, ...request }) =>
      requests.data(`${sweepPath(sweep)}/figures/${kind ?? 'auto'}.json`, {
        query: { ...request, log: log?.join(','), trials: trials?.join(',') },
      }),
    async kernel(id) {
      // `module` is the hash of the WebAssembly module that computes the cell.
      const { cell, module } = await requests.data<{ readonly cell: Cell; readonly module: string }>(
        `/cells/${id}/kernel`,
      )
      const tables = await readTables(cell, table)
      const response = await requests.send(`/kernels/${module}.wasm`, { accept: 'application/wasm' })
      return { cell, tables, module: new Uint8Array(await response.arrayBuffer()) }
    },
    follow: (sweep, { signal }) => statuses(requests, client, sweep, signal),
    live: (sweep, options) =>
      statesOf<LiveSweep>(requests, `${sweepPath(sweep)}/events`, options, (live, { status, cells }) => ({
        status: status ?? live.status,
        cells: cells ? mergedCells(live.cells, cells) : live.cells,
      })),
    liveFarm: (options) =>
      statesOf<LiveFarm, { readonly order?: readonly string[] }>(
        requests,
        '/events',
        options,
        (live, { sweeps, order, farm }) => ({
          sweeps: mergedSweeps(live.sweeps, sweeps, order),
          farm: farm ?? live.farm,
        }),
      ),
    results: (sweep) => client.withResults(sweep, collected),
    curves: (sweep) => client.withCurves(sweep, collected),
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
        async tail() {
          if (tailData === null) for await (const _ of cells());
          return tailData!
        },
      }
      return use(results)
    },
    async withCurves(sweep, use) {
      const { data, warnings } = await requests.document<CurvesData>(`${sweepPath(sweep)}/curves`)
      const { cells, ...head } = data
      async function* each(): AsyncGenerator<CellCurve> {
        yield* cells
      }
      return use({ head, warnings, cells: each, tail: async () => ({}) })
    },
    async rows(sweep) {
      const response = await requests.send(`${sweepPath(sweep)}/rows`, { accept: 'application/x-ndjson' })
      return {
        columns: listIn(response, 'columns'),
        warnings: listIn(response, 'warnings'),
        records: linesOf(response) as AsyncIterable<RowRecord>,
      }
    },
    async plan(spec: ResolvedSpec, { pilot, sizing }: PlanRequest = {}) {
      // `specRequest` already adds `trials` to the query.
      const { trials: _, ...target } = sizing ?? {}
      return requests.data('/plan', await specRequest(spec, { pilot, ...target }))
    },
    async submit(spec: ResolvedSpec, { signal }: SubmitOptions = {}) {
      const response = await requests.send('/sweeps', { ...(await specRequest(spec)), signal })
      const { data, warnings } = await requests.read<DocumentData<'Submitted'>>(response)
      const { sweep, reused = null, computed = null } = data
      return { ...sweep, isNew: response.status === 201, warnings, reused, computed }
    },
    async act(sweep, action) {
      return requests.document<StatusData>(`${sweepPath(sweep)}/actions`, { method: 'POST', ...jsonBody(action) })
    },
    async describe(sweep, changes) {
      return requests.data<StatusData>(sweepPath(sweep), { method: 'PATCH', ...jsonBody(changes) })
    },
    async remove(sweep) {
      const { name } = await client.status({ sweep })
      return requests.data(sweepPath(sweep), { method: 'DELETE', query: { name } })
    },
  }
  return client

  async function table(hash: string): Promise<DataTable> {
    const response = await requests.send(`/data/${hash}`, { accept: 'application/octet-stream' })
    const number = (name: string) => Number(response.headers.get(`x-driftfarm-${name}`))
    const scale = response.headers.has('x-driftfarm-scaled')
      ? { divide: number('divide'), scaled: number('scaled') }
      : null
    const values = storedValues(new Uint8Array(await response.arrayBuffer()), scale)
    return tableOfValues(number('rows'), number('columns'), values)
  }
}

/** Reads a list from a header, because headers are available before the body is read. */
const listIn = ({ headers }: Response, name: string): string[] =>
  (headers.get(`x-driftfarm-${name}`) ?? '').split(' ').filter(Boolean).map(decodeURIComponent)

const jsonBody = (value: unknown) => ({ type: 'application/json', body: JSON.stringify(value) })

/** JSON represents infinite limits of intervals as strings. */
const withNumbers = (cell: CellResult): CellResult => ({ ...cell, estimates: restored(cell.estimates) })
