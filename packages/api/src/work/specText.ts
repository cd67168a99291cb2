import { requireKernel, sweepOfFiles } from '@driftfarm/farm'
import type { ReportedError, ResolvedSpec } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'

/** The parts of a spec that can be passed to a thread. */
export type SpecText = Omit<ResolvedSpec, 'sweep'>

/** Throws a SpecError or, if the sweep has no valid kernel, a KernelError. */
export function sweepOf({ text, files, set, trials }: SpecText): Sweep {
  const sweep = sweepOfFiles(text, { fileName: 'spec', files, set, ...(trials === undefined ? {} : { trials }) })
  requireKernel(sweep)
  return sweep
}

/** Why a spec is refused, in a form that can be passed between threads. */
export interface Refusal {
  readonly status: number
  readonly error: ReportedError
}
