import type { Meanings } from '@driftfarm/formula'
import type { KernelError } from './error.ts'

export const kernelMeanings = {
  EXPRESSION: {
    means:
      'An expression is too long to be compiled, or a part of the spec does not match the rest of the spec. ' +
      'For example, the covariance of the gradient needs a landscape with data.',
    hint:
      'The message names the limit that is exceeded, or what that part of the spec needs. If an expression is too ' +
      'long, write repeated terms as `sum(i, from, to, ...)`, or use fewer terms.',
  },
  COMPILE: {
    means: 'The WebAssembly compiler rejected code that Drift Farm generated.',
    hint:
      'This is a defect of Drift Farm: report it and include the spec. ' +
      '`--engine reference` computes the same results bit for bit, but slowly.',
  },
  MODULE: {
    means: 'The compiled module does not match the cell: it was compiled for cells with a different structure.',
    hint:
      'In the library, pass `Kernel` a module that was compiled for a cell with the same structure. ' +
      'If a command reports this error, it is a defect of Drift Farm: report it.',
  },
  RANGE: {
    means: 'The number of trials, replicas, dimensions, draws, exits, minima or classes is too large for the kernel.',
    hint: 'The message gives the limit. Stay within it, or split the request into smaller parts.',
  },
  VERSION: {
    means: 'The cell was made with another kernel version. This kernel version would compute different bits.',
    hint:
      'Use a release of Drift Farm with the kernel version of the cell, ' +
      'or run the spec again with your release to make new cells.',
  },
  NO_COMPILER: {
    means: 'A kernel was requested, but neither a compiler nor compiled modules are available.',
    hint: 'Pass a compiler to the call, or modules that are already compiled.',
  },
  DATA: {
    means: 'The given samples are not those of the cell. Their hash, or their number of rows or columns, is different.',
    hint: 'Pass the data set that the cell was made with, unchanged.',
  },
} satisfies Meanings<typeof KernelError>
