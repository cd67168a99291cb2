import { codedError } from '@driftfarm/formula'

/** Each error of a request to the ledger, with how a command ends and what the user can do. */
const table = {
  SWEEP_NOT_FOUND: { ends: 'notFound', hint: '`driftfarm list` shows the sweeps there are.' },
  SWEEP_AMBIGUOUS: { ends: 'usage', hint: 'Give more of the id, or the whole name.' },
  CELL_NOT_FOUND: {
    ends: 'notFound',
    hint: '`driftfarm results SWEEP` shows its cells; name one by its index or its id.',
  },
  DATA_NOT_FOUND: {
    ends: 'notFound',
    hint: 'The sweeps that used it were removed: run their specs again from the files.',
  },
  DATA_DAMAGED: {
    ends: 'unexpected',
    hint:
      'The database was changed or its disk is damaged. Remove the sweeps that use it (`driftfarm rm SWEEP`) ' +
      'and run their specs again.',
  },
  SWEEP_OF_ANOTHER: {
    ends: 'conflict',
    hint:
      'Write another `name` into the spec: it is then a sweep of your own, which shares the trials. A token of role ' +
      'admin may change every sweep.',
  },
  SWEEP_STATE: { ends: 'conflict', hint: '`driftfarm status SWEEP` says what it is at.' },
  DETERMINISM_VIOLATION: {
    ends: 'unexpected',
    hint:
      'A machine computes wrongly, or two versions share a kernel number: `driftfarm verify --full SWEEP` ' +
      'finds which bytes hold.',
  },
  LEADERSHIP_LOST: { ends: 'unexpected', hint: 'Another coordinator leads now; this one waits for its turn.' },
} as const

export type LedgerErrorCode = keyof typeof table

export class LedgerError extends codedError(table) {
  override readonly name: string = 'LedgerError'

  constructor(code: LedgerErrorCode, message: string, hint?: string) {
    super(code, message, { hint })
  }
}
