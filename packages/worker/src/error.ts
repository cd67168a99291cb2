/** What may be wrong with a worker as a whole; a batch that fails is an entry in the ledger, not an error. */
const table = {
  WORKER_STATE: { exit: 1, hint: 'A worker starts once and stops once; make a new one.' },
  WORKER_WEDGED: { exit: 7, hint: 'Restart the process; its batches are handed out anew by themselves.' },
  WORKER_FAULT: { exit: 1, hint: 'A fault was asked for by the `faults` option, which only tests set.' },
} as const

export type WorkerErrorCode = keyof typeof table

export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  readonly code: WorkerErrorCode
  readonly hint: string
  readonly exit: number
  readonly retryable = false

  constructor(code: WorkerErrorCode, message: string) {
    super(message)
    this.code = code
    this.hint = table[code].hint
    this.exit = table[code].exit
  }
}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
