import { boundParts, computeTrial, exactParts } from '@driftfarm/answers'
import { modulesOf, Pilot, type Planner, planOf, requireKernel, sweepOfFiles } from '@driftfarm/farm'
import { driftfarmError } from '@driftfarm/formula'
import type { ModuleOf } from '@driftfarm/kernel'
import { documentJson, type ReportedError, type ResolvedSpec, reportedError, tracePaths } from '@driftfarm/report'
import type { Cell, DataTable, Sweep } from '@driftfarm/spec'

// These tasks run in a separate thread. Values that may contain infinities or NaN are returned as JSON text, in the
// format of documents.

interface Task {
  readonly cell: Cell
  readonly data: DataTable | null
}

let module: { readonly home: string; readonly of: ModuleOf } | null = null

export function trial({ cell, data, trial, home }: Task & { readonly trial: number; readonly home: string }) {
  if (module?.home !== home) module = { home, of: modulesOf(home) }
  return computeTrial(cell, data, trial, module.of)
}

export const exact = ({ cell, data, horizons }: Task & { readonly horizons: readonly number[] }): string =>
  documentJson(exactParts(cell, data, horizons))

export const bounds = async ({ cell, data }: Task): Promise<string> => documentJson(await boundParts(cell, data))

export const paths = ({
  cell,
  data,
  trials,
  title,
}: Task & { readonly trials: readonly number[]; readonly title: string }) => tracePaths(cell, data, trials, title)

interface ToPlan {
  readonly given: SpecText
  readonly known: Parameters<Planner>[1]
  readonly home: string
}

export async function plan({ given, known: { pilot, ...known }, home }: ToPlan): Promise<string> {
  const module = modulesOf(home)
  return documentJson(await planOf(sweepOf(given), { ...known, module, pilot: pilot ? new Pilot() : null }))
}

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
  const sweep = sweepOfFiles(text, { fileName: 'spec', files, set, ...(trials === undefined ? {} : { trials }) })
  requireKernel(sweep)
  return sweep
}

/** Why a spec is refused, in a form that can be passed between threads. */
export interface Refusal {
  readonly status: number
  readonly error: ReportedError
}
