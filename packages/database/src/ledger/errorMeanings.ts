import type { Meanings } from '@driftfarm/formula'
import type { LedgerError } from './errors.ts'

/** What the codes of the ledger mean to whoever asks for a sweep. */
export const ledgerMeanings = {
  SWEEP_NOT_FOUND: { means: 'No sweep has this name or id. The message suggests a near one.' },
  SWEEP_AMBIGUOUS: { means: 'The beginning of an id, or of a name, fits several sweeps.' },
  CELL_NOT_FOUND: { means: 'The sweep has no cell of this index or id.' },
  DATA_NOT_FOUND: { means: 'A data set is not in the database any more.' },
  DATA_DAMAGED: { means: 'The stored bytes of a data set are not those whose hash they have.' },
  SWEEP_OF_ANOTHER: {
    means: 'A sweep would be changed that another token has submitted: its demand, its tags, its state, or all of it.',
  },
  SWEEP_STATE: {
    means: 'What is asked for is not possible in the state of the sweep. [Its life](life.md) says what is.',
  },
  DETERMINISM_VIOLATION: {
    means: 'The same trials were computed twice, with different results. They must be equal to the bit.',
  },
  LEADERSHIP_LOST: { means: 'A coordinator wanted to write after its term, when another led already.' },
} satisfies Meanings<typeof LedgerError>
