import { betaBinomialSequence } from '../interval/betaBinomial.ts'
import { clopperPearsonAt } from '../interval/clopperPearson.ts'
import type { Interval } from '../interval/interval.ts'
import { inverseBinomialAt } from '../interval/inverseBinomial.ts'
import { jeffreysAt } from '../interval/jeffreys.ts'
import { wilsonAt } from '../interval/wilson.ts'
import type { Guard } from '../stopping/guard.ts'
import type { Estimate } from './estimate.ts'

const fixed = { 'clopper-pearson': clopperPearsonAt, wilson: wilsonAt, jeffreys: jeffreysAt }

/** k events in n >= 1 trials that ended as the guard says. */
export function probability(name: string, k: number, n: number, guard: Guard): Estimate {
  const own = guard.kind === 'event' && guard.estimate === name && guard.count === k
  return {
    value: own && n > 1 ? (k - 1) / (n - 1) : k / n,
    ...limits(name, k, n, guard),
    events: k,
  }
}

type Limits = Interval & Pick<Estimate, 'confidence' | 'method' | 'simultaneous'>

export function limits(name: string, k: number, n: number, guard: Guard): Limits {
  const alpha = guard.alpha / guard.divisor
  switch (guard.kind) {
    case 'fixed':
      return { ...fixed[guard.interval](k, n, alpha), ...described(guard.interval, guard) }
    case 'look':
      return { ...clopperPearsonAt(k, n, alpha), ...described('clopper-pearson', guard) }
    case 'event':
      if (guard.estimate === name && guard.count === k)
        return { ...inverseBinomialAt(k, n, alpha), ...described('inverse-binomial', guard) }
      break
    case 'bounded':
      if (guard.estimate === name) return { ...clopperPearsonAt(k, n, alpha), ...described('clopper-pearson', guard) }
      break
    case 'anytime':
      break
  }
  return { ...betaBinomialSequence(k, n, alpha), ...described('beta-binomial', guard) }
}

/** The fields that say what an interval is. */
export function described(
  method: string,
  { confidence, divisor, simultaneous }: Guard,
): Pick<Estimate, 'confidence' | 'method' | 'simultaneous'> {
  return {
    confidence,
    method: divisor === 1 ? method : `${method}/${divisor}`,
    ...(simultaneous === null ? {} : { simultaneous }),
  }
}
