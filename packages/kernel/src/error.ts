import { codedError, sameEnding } from '@driftfarm/formula'

const meanings = {
  EXPRESSION: 'an expression cannot be compiled',
  COMPILE: 'the compiler rejected generated code',
  MODULE: 'the module does not match the cell',
  RANGE: 'outside the limits',
  VERSION: 'the cell belongs to another version of the kernel',
  NO_COMPILER: 'no compiler for kernels is available',
  DATA: 'the samples do not match the cell',
} as const
export type KernelErrorCode = keyof typeof meanings

export class KernelError extends codedError(sameEnding('usage', meanings)) {
  override readonly name = 'KernelError'
  constructor(code: KernelErrorCode, message: string) {
    super(code, `${meanings[code]}: ${message}`)
  }
}
