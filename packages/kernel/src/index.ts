// What a trial is and how it is stored.

export { compile } from './compile.ts'
export { addDigests, formatDigest, parseDigest, recordDigest, subtractDigests } from './digest.ts'
export type { KernelErrorCode } from './error.ts'
export { KernelError } from './error.ts'
export type { BatchResult, RunOptions } from './kernel.ts'
export { Kernel } from './kernel.ts'
export type { End, Outcome, RecordLayout } from './outcome.ts'
export { ends, layoutOf } from './outcome.ts'
export type { PreparedCell } from './prepare.ts'
// Computing: cell -> source -> module -> trials; and the slow reference.
export { prepare } from './prepare.ts'
export { decodeOutcome, encodeOutcome } from './record.ts'
export { runReference } from './reference/run.ts'
export type { TracedStep } from './reference/trace.ts'
export { traceReference } from './reference/trace.ts'
export type { Digest, HorizonTally, Tally } from './tally.ts'
export { addTallies, binStart, stepBin, zeroTally } from './tally.ts'
