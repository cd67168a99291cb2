import { codedError } from '@driftfarm/formula'

export class ReplayError extends codedError('ReplayError', {
  NO_SUCH_TRIAL: {
    ends: 'usage',
    means: 'The index of a trial or replica is too large, or is not a whole number.',
    fix: 'Give a whole number in the range that the message shows.',
  },
  NO_CONTROL: {
    ends: 'notFound',
    means: 'The cell has no control run, because none of the events that the cell counts can happen without noise.',
    fix: 'Leave out `--control`.',
  },
  REPLAY_DIFFERS: {
    ends: 'unexpected',
    means: 'A recomputed trial differs from the stored one, or the two engines disagree.',
    fix:
      'Run `driftfarm verify SWEEP` to find out how many trials are affected. The stored rows are damaged, or a ' +
      'machine computes wrong results.',
  },
}) {}
