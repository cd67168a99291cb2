import { type Cell, KERNEL_VERSION, kernelVersionOf } from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/**
 * Whether this kernel can compute the cell. A cell keeps the version that it was made with. If a part of the kernel has
 * changed since an earlier version, this kernel does not have the earlier form of the part.
 */
export function isComputable({ kernel, trial }: Cell): boolean {
  return kernel >= kernelVersionOf(trial) && kernel <= KERNEL_VERSION
}

/** Throws a KernelError unless this kernel can compute the cell. */
export function checkVersion(cell: Cell): void {
  const { kernel, trial } = cell
  if (isComputable(cell)) return
  throw new KernelError(
    'VERSION',
    kernel > KERNEL_VERSION
      ? `made by version ${kernel}, but this is version ${KERNEL_VERSION}: use a newer driftfarm`
      : `made by version ${kernel}, which compares end points of descents in another way than this kernel; run its ` +
          `spec again, which makes a cell of version ${kernelVersionOf(trial)}`,
  )
}
