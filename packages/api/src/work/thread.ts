import { type Computations, localComputations } from '@driftfarm/answers'
import { modulesOf, Pilot, type Planner, planOf, requireKernel, sweepOfFiles } from '@driftfarm/farm'
import { driftfarmError } from '@driftfarm/formula'
import { type PlanData, type ReportedError, type ResolvedSpec, reportedError } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'

// These tasks run in a separate thread.

let known: { readonly home: string; readonly computations: Computations } | null = null

interface Computation {
  readonly name: keyof Computations
  readonly given: readonly unknown[]
  /** The folder of compiled modules. */
  readonly home: string
}

export function compute({ name, given, home }: Computation): Promise<unknown> {
  if (known?.home !== home) known = { home, computations: localComputations(modulesOf(home)) }
  return (known.computations[name] as (...given: readonly unknown[]) => Promise<unknown>)(...given)
}

interface ToPlan {
  readonly given: SpecText
  readonly known: Parameters<Planner>[1]
  readonly home: string
}

export const plan = ({ given, known: { pilot, ...known }, home }: ToPlan): Promise<PlanData> =>
  planOf(sweepOf(given), { ...known, module: modulesOf(home), pilot: pilot ? new Pilot() : null })

export function checkSpec(given: SpecText): Refusal | null {
  try {
    sweepOf(given)
    return null
  } catch (thrown) {
    return { status: driftfarmError(thrown).status, error: reportedError(thrown) }
  }
}

/** The parts of a spec that can be passed to a thread. */
export type SpecText = Omit<ResolvedSpec, 'sweep'>

/** Throws a SpecError or, if the sweep has no valid kernel, a KernelError. */
export function sweepOf({ text, files, set, trials }: SpecText): Sweep {
  const sweep = sweepOfFiles(text, { fileName: 'spec', files, set, trials })
  requireKernel(sweep)
  return sweep
}

/** Why a spec is refused, in a form that can be passed between threads. */
export interface Refusal {
  readonly status: number
  readonly error: ReportedError
}
