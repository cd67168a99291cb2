/** What may be wrong with what is asked of the ledger, with the exit code of the command that meets it. */
const table = {
  SWEEP_NOT_FOUND: { exit: 5, hint: '`driftfarm list` shows the sweeps there are.' },
  SWEEP_AMBIGUOUS: { exit: 2, hint: 'Give more of the id, or the whole name.' },
  CELL_NOT_FOUND: { exit: 5, hint: '`driftfarm results SWEEP` shows its cells; name one by its index or its id.' },
  DATA_NOT_FOUND: { exit: 5, hint: 'The sweeps that used it were removed: run their specs again from the files.' },
  DATA_DAMAGED: {
    exit: 1,
    hint: 'The database was changed or its disk is damaged. Remove the sweeps that use it (`driftfarm rm SWEEP`) and run their specs again.',
  },
  SWEEP_STATE: { exit: 6, hint: '`driftfarm status SWEEP` says what it is at.' },
  DETERMINISM_VIOLATION: {
    exit: 1,
    hint: 'A machine computes wrongly, or two versions share a kernel number: `driftfarm verify --full SWEEP` finds which bytes hold.',
  },
  LEADERSHIP_LOST: { exit: 1, hint: 'Another coordinator leads now; this one waits for its turn.' },
} as const

export type LedgerErrorCode = keyof typeof table

export class LedgerError extends Error {
  override readonly name: string = 'LedgerError'
  readonly code: LedgerErrorCode
  readonly hint: string
  readonly exit: number
  readonly retryable = false

  constructor(code: LedgerErrorCode, message: string, hint?: string) {
    super(message)
    this.code = code
    this.hint = hint ?? table[code].hint
    this.exit = table[code].exit
  }
}

/** The same trials gave other bytes than before. Never retried: the sweeps that hold the cell are stopped. */
export class DeterminismViolation extends LedgerError {
  override readonly name = 'DeterminismViolation'
  constructor(message: string) {
    super('DETERMINISM_VIOLATION', message)
  }
}
