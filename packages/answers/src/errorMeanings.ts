import type { Meanings } from '@driftfarm/formula'
import type { ReplayError } from './replayError.ts'

/** What the codes of a replay mean to whoever asks for a trial again. */
export const replayMeanings = {
  NO_SUCH_TRIAL: {
    means: 'The index of a trial, or of a replica, is larger than indices can be, or is no whole number.',
    mend: 'Give a whole number in the range that the message has.',
  },
  NO_CONTROL: {
    means: 'The cell has no control, which is the cell without its noise: nothing is counted that it could explain.',
    mend: 'Leave `--control` out.',
  },
  REPLAY_DIFFERS: {
    means: 'A trial that was computed again is not the stored one, or the two engines disagree.',
    mend: 'The stored rows, or the arithmetic of a machine, are damaged: `driftfarm verify SWEEP` says how far.',
  },
} satisfies Meanings<typeof ReplayError>
