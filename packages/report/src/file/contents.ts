import type { CellsData } from '../document/cells.ts'
import type { CurvesData } from '../document/curves.ts'
import type { WithWarnings } from '../document/define.ts'
import type { ObservedData } from '../document/observed.ts'
import type { OracleData } from '../document/oracle.ts'
import type { ResultsData } from '../document/results.ts'
import type { StatusData } from '../document/status.ts'
import type { SweepListData } from '../document/sweepList.ts'
import type { TheoremData } from '../document/theorem.ts'
import type { SweepRequests } from '../figure/facts.ts'

/** The data needed to submit a sweep again. */
export interface Origins {
  /** The text of the spec, as it was submitted. */
  readonly spec: string
  /** The kernel version that the cells of the sweep require. */
  readonly kernel: number
  /** ISO 8601, UTC. */
  readonly submittedAt: string
  /** Absent in files of earlier versions. */
  readonly requests?: SweepRequests
}

/** The data with which a page can show a sweep without the farm. */
export interface FileContents {
  readonly status: StatusData
  /** The entry for this sweep in the list of sweeps. */
  readonly listed: SweepListData['sweeps'][number]
  readonly cells: CellsData
  readonly results: WithWarnings<ResultsData>
  /** null if the sweep has too many cells for curves. */
  readonly curves: WithWarnings<CurvesData> | null
  /** Absent if the sweep observes nothing, or has too many cells. */
  readonly observed?: WithWarnings<ObservedData>
  readonly origins: Origins
  /** Exact values and Theorem 1; null if the report was made without them. */
  readonly exact: OracleData | null
  readonly theorem: TheoremData | null
}
