import type { Estimate, TallyJson } from '@driftfarm/statistics'
import type { Columns, RequestModel } from '../rows.ts'

/** The trials of a cell whose results have been merged for a request. They begin at trial 0 and have no gaps. */
export type MergedPrefix = Columns<
  RequestModel,
  'trials' | 'tally' | 'digest' | 'cpuSeconds' | 'estimates' | 'stopped',
  {
    tally: TallyJson | null
    estimates: Readonly<Record<string, Estimate>> | null
    stopped: Readonly<Record<string, unknown>> | null
  }
>
