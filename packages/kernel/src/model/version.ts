import { type Cell, KERNEL_VERSION, kernelVersionOf } from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/**
 * Whether this kernel computes the cell. A cell keeps the version that it was made with, and this kernel no longer has
 * the parts of earlier versions that were changed since.
 */
export function isComputable({ kernel, trial }: Cell): boolean {
  return kernel >= kernelVersionOf(trial) && kernel <= KERNEL_VERSION
}

/** Throws a KernelError unless this kernel computes the cell. */
export function checkVersion(cell: Cell): void {
  const { kernel, trial } = cell
  if (isComputable(cell)) return
  throw new KernelError(
    'VERSION',
    kernel > KERNEL_VERSION
      ? `made by version ${kernel}, and this is ${KERNEL_VERSION}: take a newer driftfarm`
      : `made by version ${kernel}, whose way to compare ends of descents this one has not; run its spec again, ` +
          `which makes a cell of version ${kernelVersionOf(trial)}`,
  )
}
