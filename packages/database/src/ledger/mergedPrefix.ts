import type { Estimate, TallyJson } from '@driftfarm/statistics'
import type { Columns, DemandModel } from '../rows.ts'

/**
 * The trials of a cell that are merged into its request: its first trials without a gap, as far as they have been
 * settled.
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
