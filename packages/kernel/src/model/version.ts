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
      ? `made by version ${kernel}, but this is version ${KERNEL_VERSION}: use a newer driftfarm`
      : `made by version ${kernel}, whose comparison of descent ends this kernel does not have; run its spec again, ` +
          `which makes a cell of version ${kernelVersionOf(trial)}`,
  )
}
