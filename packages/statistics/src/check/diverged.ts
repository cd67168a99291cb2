import { isEscape } from '@driftfarm/spec'
import type { CellFindings, CheckEntry, MainEstimate } from '../finding/cellFindings.ts'
import { doubtful, good, note, percent, type Statement, wrong } from '../finding/check.ts'

/** Up to this share, diverged trials cast no doubt, since heavy-tailed noise usually makes a few trials diverge. */
const accidents = 1e-3

function ofDiverged({ tally }: CellFindings, main: MainEstimate | null): Statement | null {
  const diverged = tally.ends[2]!
  // For splitting, 0 is no evidence, because a replica does not record how its particles ended.
  if (diverged === 0) return tally.values === undefined ? good('no trial diverged') : null
  const share = diverged / tally.trials
  const text = `${percent(share)} of the trials diverged`
  const hint =
    tally.values === undefined
      ? 'use a smaller `eta`'
      : 'use a smaller `eta`, or a smaller `method.tilt.shift` if the present shift drives trials too far'
  if (main === null) return good(text)
  if (share <= accidents) return note(text, hint)
  // If at least as many trials diverge as escape, most escapes belong to trials that are about to diverge.
  return isEscape(main[0]) && diverged >= tally.escaped
    ? wrong(`${text}, at least as many as escaped: the step size, not the noise, drives trials out`, hint)
    : doubtful(text, hint)
}

export const diverged: CheckEntry = { ofTrials: ofDiverged }
