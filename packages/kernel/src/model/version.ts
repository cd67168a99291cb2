import { type Cell, KERNEL_VERSION, kernelVersionOf } from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/**
 * Whether this kernel can compute the cell. This kernel computes a cell of an earlier version only if no part of the
 * kernel that the cell uses has changed since.
 */
export function isComputable({ kernel, trial }: Cell): boolean {
  return kernel >= kernelVersionOf(trial) && kernel <= KERNEL_VERSION
}

export function checkVersion(cell: Cell): void {
  const { kernel, trial } = cell
  if (isComputable(cell)) return
  throw new KernelError(
    'VERSION',
    kernel > KERNEL_VERSION
      ? `it was made by version ${kernel}, but this is version ${KERNEL_VERSION}; use a newer driftfarm`
      : `it was made by version ${kernel}, which compares end points of descents differently; run the spec again ` +
          `to make a cell of version ${kernelVersionOf(trial)}`,
  )
}
