import { requireKernel, sweepOfFiles } from '@driftfarm/farm'
import type { GivenSpec, ReportedError } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'

/** What a spec is made of, here and in a thread. */
export type GivenText = Omit<GivenSpec, 'sweep'>

/** The sweep of a spec that was sent, which has a kernel. Throws a SpecError or a KernelError. */
export function sweepOf({ text, files, set, trials }: GivenText): Sweep {
  const sweep = sweepOfFiles(text, { fileName: 'spec', files, set, ...(trials === undefined ? {} : { trials }) })
  requireKernel(sweep)
  return sweep
}

/** Why there is no sweep of it, in words that cross a thread. */
export interface Refusal {
  readonly status: number
  readonly error: ReportedError
}
