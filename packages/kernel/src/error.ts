import { allEnding, codedError } from '@driftfarm/formula'

/** The errors of this package, with their meanings. */
const meanings = {
  EXPRESSION: 'an expression cannot be made code',
  COMPILE: 'the compiler refused generated code',
  MODULE: 'a module does not fit the cell',
  RANGE: 'outside the limits',
  VERSION: 'a cell of another version of the kernel',
  NO_COMPILER: 'nothing here compiles kernels',
  DATA: 'samples that are not those of the cell',
} as const
export type KernelErrorCode = keyof typeof meanings

export class KernelError extends codedError(allEnding('usage', meanings)) {
  override readonly name = 'KernelError'
  constructor(code: KernelErrorCode, message: string) {
    super(code, `${meanings[code]}: ${message}`)
  }
}
