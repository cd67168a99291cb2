import { codedError } from '@driftfarm/formula'

const table = {
  SWEEP_NOT_FOUND: { ends: 'notFound', hint: 'Run `driftfarm list` to see all sweeps.' },
  SWEEP_AMBIGUOUS: { ends: 'usage', hint: 'Type more of the id, or the whole name.' },
  CELL_NOT_FOUND: {
    ends: 'notFound',
    hint: 'Give the index or the id of a cell of the sweep. `driftfarm results SWEEP` shows all cells.',
  },
  DATA_NOT_FOUND: {
    ends: 'notFound',
    hint: 'Run the spec files again. The sweeps that used the data set were removed.',
  },
  DATA_DAMAGED: {
    ends: 'unexpected',
    hint:
      'Remove the sweeps that use the data set (`driftfarm rm SWEEP`) and run their specs again. The database was ' +
      'modified, or its disk is damaged.',
  },
  SWEEP_OF_ANOTHER: {
    ends: 'conflict',
    hint:
      'Set another `name` in the spec to submit a sweep of your own, which reuses the stored trials. A token with ' +
      'the role admin may change every sweep.',
  },
  SWEEP_STATE: { ends: 'conflict', hint: 'Run `driftfarm status SWEEP` to see its state.' },
  DETERMINISM_VIOLATION: {
    ends: 'unexpected',
    hint:
      'Run `driftfarm verify --full SWEEP` to find out which result is correct. Either a machine computes wrong ' +
      'results, or two versions of Drift Farm with the same kernel version compute different results.',
  },
  LEADERSHIP_LOST: {
    ends: 'unexpected',
    hint: 'No action is needed. This coordinator is now on standby, and leads again if no other coordinator does.',
  },
} as const

export type LedgerErrorCode = keyof typeof table

export class LedgerError extends codedError(table) {
  override readonly name: string = 'LedgerError'

  constructor(code: LedgerErrorCode, message: string, hint?: string) {
    super(code, message, { hint })
  }
}
