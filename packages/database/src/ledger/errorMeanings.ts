import type { Meanings } from '@driftfarm/formula'
import type { LedgerError } from './errors.ts'

export const ledgerMeanings = {
  SWEEP_NOT_FOUND: { means: 'No sweep has this name or id. The hint suggests a similar name.' },
  SWEEP_AMBIGUOUS: { means: 'The beginning of an id or a name matches several sweeps.' },
  CELL_NOT_FOUND: { means: 'The sweep has no cell with this index or id.' },
  DATA_NOT_FOUND: { means: 'A data set is no longer in the database.' },
  DATA_DAMAGED: { means: 'The stored bytes of a data set do not match its hash.' },
  SWEEP_OF_ANOTHER: {
    means:
      'The sweep was submitted with another token, so this token is not allowed to remove the sweep, or to change ' +
      'its request, tags or state.',
  },
  SWEEP_STATE: {
    means:
      'The action is not possible in the present state of the sweep. [States of a sweep](life.md) lists the possible ' +
      'actions.',
  },
  DETERMINISM_VIOLATION: {
    means: 'The same trials were computed twice with different results. Both results must be identical bit for bit.',
  },
  LEADERSHIP_LOST: {
    means:
      'A coordinator tried to write when it was no longer the leading coordinator. Another coordinator may be ' +
      'leading now.',
  },
} satisfies Meanings<typeof LedgerError>
