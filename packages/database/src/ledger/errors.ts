import { codedError } from '@driftfarm/formula'

const table = {
  SWEEP_NOT_FOUND: {
    ends: 'notFound',
    hint: 'Run `driftfarm list` to see all sweeps.',
    means: 'No sweep has this name or id. The hint suggests a similar name.',
  },
  SWEEP_AMBIGUOUS: {
    ends: 'usage',
    hint: 'Type more of the id, or the whole name.',
    means: 'The beginning of an id or a name matches several sweeps.',
  },
  CELL_NOT_FOUND: {
    ends: 'notFound',
    hint: 'Give the index or the id of a cell of the sweep. `driftfarm results SWEEP` shows all cells.',
    means: 'The sweep has no cell with this index or id.',
  },
  DATA_NOT_FOUND: {
    ends: 'notFound',
    hint: 'Run the spec files again. The sweeps that used the data set were removed.',
    means: 'A data set is no longer in the database.',
  },
  DATA_DAMAGED: {
    ends: 'unexpected',
    hint:
      'Remove the sweeps that use the data set (`driftfarm rm SWEEP`) and run their specs again. The database was ' +
      'modified, or its disk is damaged.',
    means: 'The stored bytes of a data set do not match its hash.',
  },
  SWEEP_OF_ANOTHER: {
    ends: 'conflict',
    hint:
      'Set another `name` in the spec to submit a sweep of your own, which reuses the stored trials. A token with ' +
      'the role admin may change every sweep.',
    means:
      'The sweep was submitted with another token, so this token is not allowed to remove the sweep, or to change ' +
      'its request, tags or state.',
  },
  SWEEP_STATE: {
    ends: 'conflict',
    hint: 'Run `driftfarm status SWEEP` to see its state.',
    means:
      'The action is not possible in the present state of the sweep. [States of a sweep](life.md) lists the possible ' +
      'actions.',
  },
  DETERMINISM_VIOLATION: {
    ends: 'unexpected',
    hint:
      'Run `driftfarm verify --full SWEEP` to find out which result is correct. Either a machine computes wrong ' +
      'results, or two versions of Drift Farm with the same kernel version compute different results.',
    means: 'The same trials were computed twice with different results. Both results must be identical bit for bit.',
  },
  LEADERSHIP_LOST: {
    ends: 'unexpected',
    hint: 'No action is needed. This coordinator is now on standby, and leads again if no other coordinator does.',
    means:
      'A coordinator tried to write when it was no longer the leading coordinator. Another coordinator may be ' +
      'leading now.',
  },
} as const

export type LedgerErrorCode = keyof typeof table

export class LedgerError extends codedError('LedgerError', table) {
  constructor(code: LedgerErrorCode, message: string, hint?: string) {
    super(code, message, { hint })
  }
}
