import { minForNormal } from '../estimate/escapeStep.ts'
import type { Estimate } from '../evidence/estimate.ts'
import type { CellFindings, CheckEntry } from '../finding/cellFindings.ts'
import { doubtful, good, note, type Statement } from '../finding/check.ts'

/** `ended` is the rule that ended the cell; null while trials are pending. */
export function intervalCheck({ method, value }: Estimate, ended: string | null): Statement {
  const [kind = '', parts] = method.split('/')
  const share = parts === undefined ? '' : `, with alpha divided by ${parts} for the interim looks`
  switch (kind) {
    case 'wilson':
    case 'jeffreys':
      return note(
        `${kind} has its nominal coverage on average over probabilities, not at each probability`,
        '`interval: clopper-pearson` has at least the nominal coverage at each probability',
      )
    case 'beta-binomial':
    case 'asymptotic-sequence':
      return ended === null
        ? good(`valid at any time (${method})`)
        : note(`wider because results were seen before the number of trials was fixed (${method})`)
    case 'replicas':
    case 'weights':
      return good(`interval for a mean of many values (${method}): only as reliable as the estimate of their spread`)
    case 'alike':
      if (value === 1) return note('all values (one per replica or trial) are 1: only the lower limit is known')
      return doubtful(
        'all values (one per replica or trial) are equal, so the limits depend only on this value and on how many ' +
          'values there are',
        'add trials, or use another `method`',
      )
    case 'no-weight':
      return doubtful(
        'no trial escaped, and with `original: 0` the weight of an escape has no upper limit: the interval is 0 to 1',
        'set `method.tilt.original` above 0, so that weights have an upper limit',
      )
    case 'original-noise':
      return good('only an upper limit is known; it follows from the share of trials that keep the original noise')
    default:
      return good(`exact for this stopping rule (${kind}${share})`)
  }
}

export function stepChecks({ escapeStep }: CellFindings['estimates']): Statement | null {
  if (escapeStep === undefined || escapeStep.events === 0 || !escapeStep.method.startsWith('bounded')) return null
  const { events } = escapeStep
  const text =
    events < minForNormal
      ? `${events} ${events === 1 ? 'escape is' : 'escapes are'} too few for the usual interval of escapeStep, ` +
        'so a wider, conservative interval is used'
      : 'all trials took the same number of steps, so escapeStep has a conservative, wide interval'
  return note(text)
}

export const interval: CheckEntry = {
  ofTrials: ({ estimates, ended }, main) =>
    main === null ? [] : [intervalCheck(main[1], ended), stepChecks(estimates)],
  proposesTrials: true,
}
