import type { CellsData } from '../document/cells.ts'
import type { CurvesData } from '../document/curves.ts'
import type { OracleData } from '../document/oracle.ts'
import type { ResultsData } from '../document/results.ts'
import type { StatusData } from '../document/status.ts'
import type { SweepListData } from '../document/sweepList.ts'
import type { TheoremData } from '../document/theorem.ts'
import type { Origins, Source, Told } from '../source.ts'

/** What a report file holds of a sweep, for programs: a page shows it again without the farm. */
export interface FileContents {
  readonly schemaVersion: 1
  readonly status: StatusData
  /** Its line in the list of sweeps. */
  readonly listed: SweepListData['sweeps'][number]
  /** Its cells as a map shows them. */
  readonly cells: CellsData
  readonly results: Told<ResultsData>
  /** null where the sweep has too many cells for them. */
  readonly curves: Told<CurvesData> | null
  readonly origins: Origins
  /** Where the report was made with them. */
  readonly exact: OracleData | null
  readonly theorem: TheoremData | null
}

/** Cells of a sweep whose data a file holds: of more it would become too large to be handed around. */
export const mostHeld = 20_000
/** Cells whose curves a report reads; of a large sweep most would not be drawn. */
export const mostCurved = 2_000

type Known = Pick<FileContents, 'exact' | 'theorem'>

/** Reads what a file shall hold of a sweep; null where it has too many cells. */
export async function fileContents(source: Source, sweep: string, known: Known): Promise<FileContents | null> {
  const status = await source.status(sweep)
  const { done, open, failed } = status.cells
  const total = done + open + failed
  if (total > mostHeld) return null
  const { sweeps } = await source.sweeps()
  const listed = sweeps.find(({ id }) => id === sweep)
  // It was removed meanwhile.
  if (listed === undefined) return null
  return {
    schemaVersion: 1,
    status,
    // In a file it is the only one of its name.
    listed: { ...listed, newest: true, differs: [] },
    cells: await source.cells(sweep),
    results: await source.results(sweep),
    curves: total > mostCurved ? null : await source.curves(sweep),
    origins: await source.origins(sweep),
    ...known,
  }
}
