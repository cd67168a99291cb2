import { boundParts, computeTrial, exactParts } from '@driftfarm/answers'
import { modulesOf } from '@driftfarm/farm'
import type { ModuleOf } from '@driftfarm/kernel'
import { documentJson, tracePaths } from '@driftfarm/report'
import type { Cell, DataTable } from '@driftfarm/spec'

// What takes long, in a thread of its own. What has numbers that JSON lacks crosses as text of the documents.

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
