import type { Meanings } from '@driftfarm/formula'
import type { ReplayError } from './replayError.ts'

export const replayMeanings = {
  NO_SUCH_TRIAL: {
    means: 'The index of a trial or replica is too large, or is not a whole number.',
    hint: 'Give a whole number in the range that the message shows.',
  },
  NO_CONTROL: {
    means: 'The cell has no control run, because none of the events that the cell counts can happen without noise.',
    hint: 'Leave out `--control`.',
  },
  REPLAY_DIFFERS: {
    means: 'A recomputed trial differs from the stored one, or the two engines disagree.',
    hint:
      'Run `driftfarm verify SWEEP` to find out how many trials are affected. The stored rows are damaged, or a ' +
      'machine computes wrong results.',
  },
} satisfies Meanings<typeof ReplayError>
