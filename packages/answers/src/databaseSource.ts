import {
  cellById,
  type Database,
  type FarmState,
  failureCauses,
  findSweep,
  namesakes,
  readData,
  type SweepStatus,
  sweepStatus,
} from '@driftfarm/database'
import { compile, type PreparedCell, prepare } from '@driftfarm/kernel'
import { figureOf, type Source, type StatusData, statusData } from '@driftfarm/report'
import { bestOf } from './best.ts'
import { compareSplit, compareSweeps } from './compare.ts'
import { type Computations, localComputations } from './computations.ts'
import { convergenceOf } from './convergence.ts'
import { curvesOf, withCurves } from './curves.ts'
import { fitOfSweep } from './fit.ts'
import { waitFor } from './follow.ts'
import { exactOf, theoremOfSweep } from './known.ts'
import { liveFarm, liveSweep } from './live.ts'
import { originsOf } from './origins.ts'
import { pathsOf } from './paths.ts'
import { recentOf } from './recent.ts'
import { replayOf } from './replay.ts'
import { resultsOf, withResults } from './results.ts'
import { recordedRowsOf, rowsOf } from './rows.ts'
import { cellsForMaps } from './slim.ts'
import { sweepsOf } from './sweeps.ts'
import { wholeCell } from './wholeCell.ts'
import { wholeFarm } from './wholeFarm.ts'

export interface DatabaseSourceOptions {
  /** Returns a message that says what is wrong with the farm and how to fix it; '' if nothing is wrong. */
  readonly farmWords?: (farm: FarmState) => string
  /** Where long computations run (default: in this thread). */
  readonly heavy?: Computations
  /** Returns the compiled module of a cell, for example from a cache. By default every module is compiled anew. */
  readonly moduleBytes?: (prepared: PreparedCell) => Promise<Uint8Array>
  /** Whether exact answers and bounds are stored for each cell (default: false). */
  readonly keepsExact?: boolean
}

/** Returns the source of all documents about the sweeps in a database. */
export function databaseSource(
  database: Database,
  {
    farmWords = () => '',
    heavy = localComputations(),
    keepsExact = false,
    moduleBytes = ({ source }) => compile(source),
  }: DatabaseSourceOptions = {},
): Source {
  const standing = (status: SweepStatus): StatusData => {
    const { farm } = status
    return statusData({ ...status, farm: farm === null ? null : { state: farm.state, words: farmWords(farm) } })
  }
  const source: Source = {
    find: async (text) => {
      const { id, name } = await findSweep(database, text)
      return { id, name }
    },
    sweeps: () => sweepsOf(database),
    status: async (sweep) => standing(await sweepStatus(database, sweep)),
    farm: () => wholeFarm(database, farmWords),
    failures: (sweep) => failureCauses(database, sweep),
    recent: (sweep) => recentOf(database, sweep ?? null),
    figure: (sweep, request) => figureOf(source, sweep, request),
    async kernel(id) {
      const { cell, dataHash } = await cellById(database, id)
      const data = dataHash === null ? null : await readData(database, dataHash)
      return { cell, data, module: await moduleBytes(prepare(cell, data)) }
    },
    namesakes: (sweep) => namesakes(database, sweep),
    async *follow(sweep, options) {
      for await (const status of waitFor(database, sweep, options)) yield standing(status)
    },
    live: (sweep, options) => liveSweep(database, sweep, options, standing),
    liveFarm: (options) =>
      liveFarm(options, { sweeps: () => sweepsOf(database), farm: () => wholeFarm(database, farmWords) }),
    results: (sweep) => resultsOf(database, sweep),
    cells: (sweep, indices) => cellsForMaps(database, sweep, indices),
    cell: (sweep, cell) => wholeCell(database, sweep, cell),
    data: (hash) => readData(database, hash),
    withResults: (sweep, use, options) => withResults(database, sweep, use, options),
    curves: (sweep) => curvesOf(database, sweep),
    withCurves: (sweep, use) => withCurves(database, sweep, use),
    best: (sweep, of, direction, onCells) => bestOf(database, sweep, of, direction, onCells),
    fit: (sweep, formula, options) => fitOfSweep(database, sweep, formula, options),
    compare: (first, second, options) => compareSweeps(database, [first, second], options),
    compareSplit: (sweep, at, options) => compareSplit(database, sweep, at, options),
    origins: (sweep) => originsOf(database, sweep),
    exact: (sweep, indices, onCells) => exactOf(database, sweep, indices, { heavy, keeps: keepsExact, onCells }),
    theorem: (sweep, indices, onCells) =>
      theoremOfSweep(database, sweep, indices, { heavy, keeps: keepsExact, onCells }),
    convergence: (sweep, of, indices) => convergenceOf(database, sweep, of, indices),
    replay: (sweep, cell, trial, options) => replayOf(database, sweep, cell, trial, { ...options, heavy }),
    keptRows: (sweep, cell, count) => recordedRowsOf(database, sweep, cell, count),
    paths: (sweep, cell, trials) => pathsOf(database, sweep, cell, trials, heavy),
    rows: (sweep) => rowsOf(database, sweep),
  }
  return source
}
