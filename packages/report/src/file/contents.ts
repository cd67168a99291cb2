import type { CellsData } from '../document/cells.ts'
import type { CurvesData } from '../document/curves.ts'
import type { OracleData } from '../document/oracle.ts'
import type { ResultsData } from '../document/results.ts'
import type { StatusData } from '../document/status.ts'
import type { SweepListData } from '../document/sweepList.ts'
import type { TheoremData } from '../document/theorem.ts'
import type { Origins, Source, WithWarnings } from '../source.ts'

/** The data with which a page can show a sweep without the farm. */
export interface FileContents {
  readonly schemaVersion: 1
  readonly status: StatusData
  /** The entry for this sweep in the list of sweeps. */
  readonly listed: SweepListData['sweeps'][number]
  readonly cells: CellsData
  readonly results: WithWarnings<ResultsData>
  /** null if the sweep has too many cells for curves. */
  readonly curves: WithWarnings<CurvesData> | null
  readonly origins: Origins
  /** Exact values and Theorem 1; null if the report was made without them. */
  readonly exact: OracleData | null
  readonly theorem: TheoremData | null
}

/** More cells would make the file too large to share. */
export const maxEmbeddedCells = 20_000
/** With more cells, a report could draw only a small share of the curves. */
export const maxCellsWithCurves = 2_000

type Known = Pick<FileContents, 'exact' | 'theorem'>

/** Returns null if the sweep has too many cells, or was removed in the meantime. */
export async function fileContents(source: Source, sweep: string, known: Known): Promise<FileContents | null> {
  const status = await source.status(sweep)
  const { done, open, failed } = status.cells
  const total = done + open + failed
  if (total > maxEmbeddedCells) return null
  const { sweeps } = await source.sweeps()
  const listed = sweeps.find(({ id }) => id === sweep)
  if (listed === undefined) return null
  return {
    schemaVersion: 1,
    status,
    // A page that opens the file treats the sweep as the only one with its name.
    listed: { ...listed, newest: true, differs: [] },
    cells: await source.cells(sweep),
    results: await source.results(sweep),
    curves: total > maxCellsWithCurves ? null : await source.curves(sweep),
    origins: await source.origins(sweep),
    ...known,
  }
}
