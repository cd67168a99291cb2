export interface MethodText {
  readonly text: string
  /** Absent for textbook methods. */
  readonly reference?: string
}

/** A key is the name of a method up to the first `:` or `/`. */
const intervals: Readonly<Record<string, MethodText>> = {
  'clopper-pearson': {
    text: 'exact interval of a count in a fixed number of trials',
    reference: 'C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413',
  },
  wilson: {
    text: 'score interval of a count',
    reference: 'E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212',
  },
  jeffreys: {
    text: 'interval of a count under the Jeffreys prior',
    reference: 'L. D. Brown, T. T. Cai and A. DasGupta, Statist. Sci. 16 (2001) 101-133',
  },
  'inverse-binomial': {
    text: 'exact interval when trials run until a fixed number of events has occurred',
    reference: 'J. B. S. Haldane, Biometrika 33 (1945) 222-225; L. Mendo, arXiv:0904.3812',
  },
  gbas: {
    text: 'exact interval for a Gamma Bernoulli approximation scheme, which stops at a fixed number of events',
    reference: 'M. Huber, arXiv:1309.5413',
  },
  'gbas-bounded': {
    text:
      'interval for a Gamma Bernoulli approximation scheme that reached its maximum number of trials before the ' +
      'fixed number of events',
    reference: 'M. Huber, arXiv:1309.5413',
  },
  'beta-binomial': {
    text:
      'interval valid at any number of trials, however that number was chosen (a beta-binomial mixture over a ' +
      'uniform prior)',
    reference:
      'H. Robbins, Ann. Math. Statist. 41 (1970) 1397-1409; S. R. Howard et al., Ann. Statist. 49 (2021) 1055-1080',
  },
  poisson: {
    text: 'exact interval of a Poisson count over the steps at risk',
    reference: 'F. Garwood, Biometrika 28 (1936) 437-442',
  },
  student: { text: "Student's t interval for a mean" },
  'asymptotic-sequence': {
    text: 'asymptotic confidence sequence for a mean, valid at any number of trials',
    reference: 'I. Waudby-Smith et al., arXiv:2103.06476',
  },
  bounded: { text: 'conservative interval for a mean of bounded values' },
  replicas: {
    text:
      "Student's t interval for the mean of independent replicas of adaptive multilevel splitting (this mean is " +
      'unbiased); the upper limit assumes that the spread is proportional to the mean',
    reference: 'C.-E. Brehier et al., Ann. Appl. Probab. 26 (2016) 3559-3601',
  },
  extinct: { text: 'upper limit if every replica died out' },
  alike: { text: 'interval computed from the number of values, used if all values are equal' },
  weights: {
    text:
      "Student's t interval for the mean of weighted trials; the upper limit assumes that the spread is proportional " +
      'to the mean',
  },
  'original-noise': {
    text: 'upper limit if no trial had the event, computed from the share of trials that keep the original noise',
  },
  'no-weight': {
    text: 'interval from 0 to 1 if no trial had the event, since the weights are unbounded',
  },
  delta: { text: 'interval of a ratio of means, by linearisation (delta method)' },
  bonferroni: {
    text:
      'combination of the intervals of two or three quantities, each with an equal share of the error probability ' +
      '(1 - confidence)',
  },
  'miettinen-nurminen': {
    text: 'score interval for two independent counts',
    reference: 'O. Miettinen and M. Nurminen, Statist. Med. 4 (1985) 213-226',
  },
  tango: {
    text: 'score interval of a difference of paired counts',
    reference: 'T. Tango, Statist. Med. 17 (1998) 891-908',
  },
  tang: {
    text: 'score interval of a ratio of paired counts',
    reference: 'N.-S. Tang, M.-L. Tang and I. S. F. Chan, Statist. Med. 22 (2003) 1217-1233',
  },
  dkw: {
    text: 'band that holds for all steps simultaneously',
    reference: 'P. Massart, Ann. Probab. 18 (1990) 1269-1283',
  },
  'dkw-union': {
    text: 'band that holds for all steps and all numbers of trials simultaneously',
    reference: 'P. Massart, Ann. Probab. 18 (1990) 1269-1283',
  },
}

/** The description of a method such as `beta-binomial/42`; null for an unknown one. */
export function intervalText(method: string): MethodText | null {
  const [name = '', parts] = method.split(':')[0]!.split('/')
  const known = intervals[name]
  if (known === undefined) return null
  return parts === undefined
    ? known
    : {
        ...known,
        text: `${known.text}, with 1/${parts} of the error probability (1 - confidence), to allow for interim looks`,
      }
}

const rules: Readonly<Record<string, string>> = {
  trials: 'after the requested number of trials',
  max: 'at the maximum number of trials, without meeting the stopping rule',
  budget: 'when the budget of trials over all cells was used up',
  relative: 'as soon as the interval was narrow enough relative to the estimate',
  halfWidth: 'as soon as the interval was narrow enough',
  events: 'at a fixed number of events',
  gbas: 'at the number of events that a Gamma Bernoulli approximation scheme prescribes',
  threshold:
    'as soon as their intervals (simultaneous over all grid points) excluded the threshold, or at the maximum number ' +
    'of trials for a grid point',
  above: 'as soon as the sequential test had decided whether the probability is above or below the threshold',
}

export const ruleText = (rule: string): string => rules[rule] ?? rule

/** Sentences about the method that every sweep uses. */
export const grounds: readonly string[] = [
  'Each trial is a pure function of its cell and its index. Its random numbers come from xoshiro256++ (D. ' +
    'Blackman and S. Vigna, ACM Trans. Math. Softw. 47, 2021). The initial state of the generator is derived from ' +
    'the seed, the cell and the index with SHA-256 and Philox4x32-10 (J. K. Salmon et al., SC11, 2011). Any trial ' +
    'can therefore be recomputed bit for bit.',
  'All trials share one horizon, and every denominator counts all trials. So each share is a fraction of all trials, ' +
    'and nothing is censored. Stopping rules are evaluated only at predetermined numbers of trials n, and only on ' +
    'the n trials of a cell with the lowest indices. So the order in which trials finish cannot bias the results.',
]
