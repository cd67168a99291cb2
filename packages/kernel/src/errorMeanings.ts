import type { Meanings } from '@driftfarm/formula'
import type { KernelError } from './error.ts'

/** Meanings of the error codes of the kernel, for users who run trials. */
export const kernelMeanings = {
  EXPRESSION: {
    means:
      'An expression, or the spec around it, cannot be compiled. It is too long, or uses something ' +
      'that does not exist.',
    hint:
      'The message names the limit that is exceeded. Write repeated terms as `sum(i, from, to, ...)`, or use ' +
      'fewer terms.',
  },
  COMPILE: {
    means: 'The WebAssembly compiler rejected code that Drift Farm generated.',
    hint:
      'This is a defect of Drift Farm: report it and include the spec. ' +
      '`--engine reference` computes the same results bit for bit, but slowly.',
  },
  MODULE: {
    means: 'A compiled module is not the one that the cell needs.',
    hint: 'In the library, pass `Kernel` the module of the same shape. In a command this is a defect: report it.',
  },
  RANGE: {
    means: 'The number of trials, replicas, dimensions or draws exceeds what the kernel can compute.',
    hint: 'The message gives the limit. Request less, or split the request into smaller parts.',
  },
  VERSION: {
    means: 'The cell was made by a Drift Farm with another kernel version. This kernel would compute different bits.',
    hint: 'Use the version that the message names, or run the spec again with this one.',
  },
  NO_COMPILER: {
    means: 'A kernel was requested, but neither a compiler nor compiled modules are available.',
    hint: 'Pass a compiler to the call, or modules that are already compiled.',
  },
  DATA: {
    means: 'The given samples are not those that the cell was made with: their hash or their shape differs.',
    hint: 'Pass the unchanged data set of the cell.',
  },
} satisfies Meanings<typeof KernelError>
