import { codedError } from '@driftfarm/formula'

const table = {
  EXPRESSION: {
    says: 'an expression cannot be compiled',
    means:
      'An expression is too long to be compiled, or a part of the spec does not match the rest of the spec. ' +
      'For example, the covariance of the gradient needs a landscape with data.',
    fix:
      'The message names the limit that is exceeded, or what that part of the spec needs. If an expression is too ' +
      'long, write repeated terms as `sum(i, from, to, ...)`, or use fewer terms.',
  },
  NATIVE: {
    says: 'native code failed',
    means: 'The native code of a shape crashed or refused the memory of the cell.',
    fix: 'This is a defect of Drift Farm: report it and include the spec. `--native off` computes without native code.',
  },
  COMPILE: {
    says: 'the compiler rejected generated code',
    means: 'The WebAssembly compiler rejected code that Drift Farm generated.',
    fix:
      'This is a defect of Drift Farm: report it and include the spec. ' +
      '`--engine reference` computes the same results bit for bit, but slowly.',
  },
  MODULE: {
    says: 'the module does not match the cell',
    means: 'The compiled module does not match the cell: it was compiled for cells with a different structure.',
    fix:
      'In the library, pass `Kernel` a module that was compiled for a cell with the same structure. ' +
      'If a command reports this error, it is a defect of Drift Farm: report it.',
  },
  RANGE: {
    says: 'outside the limits',
    means: 'The number of trials, replicas, dimensions, draws, exits, minima or classes is too large for the kernel.',
    fix: 'The message gives the limit. Stay within it, or split the request into smaller parts.',
  },
  VERSION: {
    says: 'the cell belongs to another version of the kernel',
    means: 'The cell was made with another kernel version. This kernel version would compute different bits.',
    fix:
      'Use a release of Drift Farm with the kernel version of the cell, ' +
      'or run the spec again with your release to make new cells.',
  },
  NO_COMPILER: {
    says: 'no compiler for kernels is available',
    means: 'A kernel was requested, but neither a compiler nor compiled modules are available.',
    fix: 'Pass a compiler to the call, or modules that are already compiled.',
  },
  DATA: {
    says: 'the samples do not match the cell',
    means: 'The given samples are not those of the cell. Their hash, or their number of rows or columns, is different.',
    fix: 'Pass the data set that the cell was made with, unchanged.',
  },
} as const
export type KernelErrorCode = keyof typeof table

export class KernelError extends codedError('KernelError', table, 'usage') {
  constructor(code: KernelErrorCode, message: string) {
    super(code, `${table[code].says}: ${message}`)
  }
}
