import type { Meanings } from '@driftfarm/formula'
import type { KernelError } from './error.ts'

/** What the codes of the kernel mean to whoever runs trials. */
export const kernelMeanings = {
  EXPRESSION: {
    means:
      'An expression, or the spec around it, cannot be made a program: it is too long, or asks for what there is not.',
    mend:
      'The message says which limit is met. Write repeated terms as `sum(i, from, to, ...)`, or take ' +
      'fewer of them.',
  },
  COMPILE: {
    means: 'The compiler of WebAssembly refused a program that Drift Farm made.',
    mend:
      'This is a defect of Drift Farm: report it with the spec. ' +
      '`--engine reference` computes the same bits slowly.',
  },
  MODULE: {
    means: 'A compiled module is not the one that the cell needs.',
    mend: 'In the library, give `Kernel` the module of the same shape. From a command it is a defect: report it.',
  },
  RANGE: {
    means: 'A number of trials, replicas, dimensions or draws lies outside of what the kernel computes.',
    mend: 'The message has the limit: ask for less, or in smaller parts.',
  },
  VERSION: {
    means: 'The cell was made by a Drift Farm whose kernel has another version, and its trials would have other bits.',
    mend: 'Take the version that the message names, or run the spec again with this one.',
  },
  NO_COMPILER: {
    means: 'A kernel is asked for where neither a compiler nor compiled modules are at hand.',
    mend: 'Give the call a compiler, or modules that were compiled before.',
  },
  DATA: {
    means: 'The samples that were given are not those that the cell was made with: another hash, or another shape.',
    mend: 'Give the data set of the cell, unchanged.',
  },
} satisfies Meanings<typeof KernelError>
