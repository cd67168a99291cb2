import type { Estimate, TallyJson } from '@driftfarm/statistics'
import type { Columns, DemandModel } from '../rows.ts'

/**
 * The trials of a cell that are merged into its request: the first trials without a gap that have been settled so far.
 */
export type MergedPrefix = Columns<
  DemandModel,
  'trials' | 'tally' | 'digest' | 'cpuSeconds' | 'estimates' | 'stopped',
  {
    tally: TallyJson | null
    estimates: Readonly<Record<string, Estimate>> | null
    stopped: Readonly<Record<string, unknown>> | null
  }
>
