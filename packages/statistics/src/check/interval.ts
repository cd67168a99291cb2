import { fewestForNormal } from '../estimate/escapeStep.ts'
import type { Estimate } from '../estimate/estimate.ts'
import type { Found } from './believed.ts'
import { type Check, check } from './check.ts'

/**
 * Whether the interval is the right one for the way in which the number of trials was chosen. `ended` is null while
 * trials are still to come.
 */
export function intervalCheck({ method, value }: Estimate, ended: string | null): Check {
  const [kind = '', parts] = method.split('/')
  const share = parts === undefined ? '' : `, at 1/${parts} of alpha for the looks at the data`
  switch (kind) {
    case 'wilson':
    case 'jeffreys':
      return check(
        'interval',
        'note',
        `${kind} covers as often as it says on average over probabilities, not at each`,
        '`interval: clopper-pearson` covers at each',
      )
    case 'beta-binomial':
    case 'asymptotic-sequence':
      return ended === null
        ? check('interval', 'good', `right whenever one looks (${method})`)
        : check(
            'interval',
            'note',
            `wider than a number of trials that was fixed beforehand would make it, since somebody looked (${method})`,
          )
    case 'replicas':
    case 'weights':
      return check('interval', 'good', `of a mean of many values (${method}): as right as their spread is known`)
    case 'alike':
      if (value === 1) return check('interval', 'note', 'every value is 1: only the lower limit is known')
      return check(
        'interval',
        'doubtful',
        'all values are alike: their number alone bounds how often one differs',
        'more trials, or another `method`',
      )
    case 'no-weight':
      return check(
        'interval',
        'doubtful',
        'nothing bounds the weight of a trial that was not drawn: from 0 to 1 is all that is known',
        'an `original` above 0 in `method.tilt` bounds the weights',
      )
    case 'original-noise':
      return check('interval', 'good', 'an upper limit by the share of trials that keep the original noise')
    default:
      return check('interval', 'good', `exact for how the trials were ended (${kind}${share})`)
  }
}

/** A note where `escapeStep` has too few escapes, or no spread, for Student's interval. */
export function stepChecks({ escapeStep }: Found['estimates']): readonly Check[] {
  if (escapeStep === undefined || escapeStep.events === 0 || !escapeStep.method.startsWith('bounded')) return []
  const { events } = escapeStep
  const text =
    events < fewestForNormal
      ? `${events} ${events === 1 ? 'escape is' : 'escapes are'} too few for the usual interval of escapeStep: it ` +
        'has a safe one, which is wider'
      : 'all trials took as many steps: escapeStep has a safe interval, which is wide'
  return [check('interval', 'note', text)]
}
