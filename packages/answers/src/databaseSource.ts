import { type Database, type FarmState, findSweep, type SweepStatus, sweepStatus } from '@driftfarm/database'
import { type Source, type StatusData, statusData } from '@driftfarm/report'
import { bestOf } from './best.ts'
import { convergenceOf } from './convergence.ts'
import { curvesOf, withCurves } from './curves.ts'
import { fitOfSweep } from './fit.ts'
import { waitFor } from './follow.ts'
import { exactOf, theoremOfSweep } from './known.ts'
import { originsOf } from './origins.ts'
import { pathsOf } from './paths.ts'
import { resultsOf, withResults } from './results.ts'
import { rowsOf } from './rows.ts'
import { sweepsOf } from './sweeps.ts'

export interface DatabaseSourceOptions {
  /** A sentence that says what to do about a farm that cannot go on; '' where nothing is wrong. */
  readonly farmWords?: (farm: FarmState) => string
}

/** The documents about the sweeps in a database. */
export function databaseSource(database: Database, { farmWords = () => '' }: DatabaseSourceOptions = {}): Source {
  const standing = (status: SweepStatus): StatusData => {
    const { farm } = status
    return statusData({ ...status, farm: farm === null ? null : { state: farm.state, words: farmWords(farm) } })
  }
  return {
    find: async (text) => {
      const { id, name } = await findSweep(database, text)
      return { id, name }
    },
    sweeps: () => sweepsOf(database),
    status: async (sweep) => standing(await sweepStatus(database, sweep)),
    async *follow(sweep, options) {
      for await (const status of waitFor(database, sweep, options)) yield standing(status)
    },
    results: (sweep) => resultsOf(database, sweep),
    withResults: (sweep, use) => withResults(database, sweep, use),
    curves: (sweep) => curvesOf(database, sweep),
    withCurves: (sweep, use) => withCurves(database, sweep, use),
    best: (sweep, of, direction, onCells) => bestOf(database, sweep, of, direction, onCells),
    fit: (sweep, formula, options) => fitOfSweep(database, sweep, formula, options),
    origins: (sweep) => originsOf(database, sweep),
    exact: (sweep, indices, onCells) => exactOf(database, sweep, indices, onCells),
    theorem: (sweep, indices, onCells) => theoremOfSweep(database, sweep, indices, onCells),
    convergence: (sweep, of, indices) => convergenceOf(database, sweep, of, indices),
    paths: (sweep, cell, trials) => pathsOf(database, sweep, cell, trials),
    rows: (sweep) => rowsOf(database, sweep),
  }
}
