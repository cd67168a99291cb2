import type { Estimate, TallyJson } from '@driftfarm/statistics'
import type { Columns, DemandModel } from '../rows.ts'

/**
 * What has been merged of a cell into its demand: its first trials without a gap, as far as they have been looked at.
 */
export type Merged = Columns<
  DemandModel,
  'trials' | 'tally' | 'digest' | 'cpuSeconds' | 'estimates' | 'stopped',
  {
    tally: TallyJson | null
    estimates: Readonly<Record<string, Estimate>> | null
    stopped: Readonly<Record<string, unknown>> | null
  }
>
