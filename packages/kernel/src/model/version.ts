import { type Cell, KERNEL_VERSION, kernelVersionOf } from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/** Cells keep the version that they were made with; what a later one changed of them this kernel has not any more. */
export function isComputable({ kernel, trial }: Cell): boolean {
  return kernel >= kernelVersionOf(trial) && kernel <= KERNEL_VERSION
}

/** Throws KernelError unless it is computable. */
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
