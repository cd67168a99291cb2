/** How an interval is made, as a method paragraph says it. */
export interface MethodText {
  readonly text: string
  /** Null for what is elementary. */
  readonly reference: string | null
}

/** By the first word of a method as estimates name it. */
const intervals: Readonly<Record<string, MethodText>> = {
  'clopper-pearson': {
    text: 'the exact interval of a count in a fixed number of trials',
    reference: 'C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413',
  },
  wilson: {
    text: 'the score interval of a count',
    reference: 'E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212',
  },
  jeffreys: {
    text: 'the interval of a count under the prior of Jeffreys',
    reference: 'L. D. Brown, T. T. Cai and A. DasGupta, Statist. Sci. 16 (2001) 101-133',
  },
  'inverse-binomial': {
    text: 'exact for trials that were continued up to a fixed number of events',
    reference: 'J. B. S. Haldane, Biometrika 33 (1945) 222-225; L. Mendo, arXiv:0904.3812',
  },
  gbas: {
    text: 'exact for a Gamma Bernoulli approximation scheme, which goes on up to a fixed number of events',
    reference: 'M. Huber, arXiv:1309.5413',
  },
  'gbas-bounded': {
    text: 'for such a scheme that its maximum of trials ended first',
    reference: 'M. Huber, arXiv:1309.5413',
  },
  'beta-binomial': {
    text: 'valid at any number of trials, however it was chosen (a beta-binomial mixture over a uniform prior)',
    reference:
      'H. Robbins, Ann. Math. Statist. 41 (1970) 1397-1409; S. R. Howard et al., Ann. Statist. 49 (2021) 1055-1080',
  },
  poisson: {
    text: 'exact for a Poisson count over the steps at risk',
    reference: 'F. Garwood, Biometrika 28 (1936) 437-442',
  },
  student: { text: "Student's interval of a mean", reference: null },
  'asymptotic-sequence': {
    text: 'an asymptotic confidence sequence of a mean, valid at any number of trials',
    reference: 'I. Waudby-Smith et al., arXiv:2103.06476',
  },
  bounded: { text: 'a safe interval of a mean of bounded values', reference: null },
  replicas: {
    text:
      'of the mean of independent replicas of adaptive multilevel splitting, which is unbiased: by Student, with a ' +
      'spread that is proportional to the mean for the upper limit',
    reference: 'C.-E. Brehier et al., Ann. Appl. Probab. 26 (2016) 3559-3601',
  },
  extinct: { text: 'an upper limit where every replica died out', reference: null },
  alike: { text: 'a bound by the number of values where all of them are alike', reference: null },
  weights: {
    text:
      'of the mean of weighted trials: by Student, with a spread that is proportional to the mean for the upper ' +
      'limit',
    reference: null,
  },
  'original-noise': { text: 'an upper limit by the share of trials that keep the original noise', reference: null },
  'no-weight': { text: 'from 0 to 1, since nothing bounds the weights', reference: null },
  delta: { text: 'by linearisation, of a ratio of means', reference: null },
  bonferroni: { text: 'of the intervals of two parts, each at half of one minus the confidence', reference: null },
  'miettinen-nurminen': {
    text: 'the score interval of two independent counts',
    reference: 'O. Miettinen and M. Nurminen, Statist. Med. 4 (1985) 213-226',
  },
  tango: {
    text: 'the score interval of a difference of paired counts',
    reference: 'T. Tango, Statist. Med. 17 (1998) 891-908',
  },
  tang: {
    text: 'the score interval of a ratio of paired counts',
    reference: 'N.-S. Tang, M.-L. Tang and I. S. F. Chan, Statist. Med. 22 (2003) 1217-1233',
  },
  dkw: {
    text: 'a band over all steps together',
    reference: 'P. Massart, Ann. Probab. 18 (1990) 1269-1283',
  },
  'dkw-union': {
    text: 'a band over all steps and all numbers of trials together',
    reference: 'P. Massart, Ann. Probab. 18 (1990) 1269-1283',
  },
}

/** The words for a method such as `beta-binomial/42`; null for one that is not known. */
export function intervalText(method: string): MethodText | null {
  const [name = '', parts] = method.split(':')[0]!.split('/')
  const known = intervals[name]
  if (known === undefined) return null
  return parts === undefined
    ? known
    : { ...known, text: `${known.text}, at 1/${parts} of one minus the confidence for the looks at the data` }
}

/** How cells were ended, by the name of the rule. */
const rules: Readonly<Record<string, string>> = {
  trials: 'after the number of trials that was asked for',
  max: 'at the maximum of trials, with the stop rule unmet',
  budget: 'when the budget of trials over all cells was spent',
  relative: 'as soon as the interval was narrow enough relative to its value',
  halfWidth: 'as soon as the interval was narrow enough',
  events: 'at a fixed number of events',
  gbas: 'at the number of events of a Gamma Bernoulli approximation scheme',
  threshold:
    'as soon as their intervals, which hold for all points of the grid together, did not hold the threshold any ' +
    'more, or at the most trials that a point may take',
  above: 'as soon as it was decided on which side of a threshold the probability lies',
}

export const ruleText = (rule: string): string => rules[rule] ?? rule

/** What every answer of the farm rests on. */
export const grounds: readonly string[] = [
  'Each trial is a pure function of its cell and its index: its random numbers are those of xoshiro256++ ' +
    '(D. Blackman and S. Vigna, ACM Trans. Math. Softw. 47, 2021), keyed by SHA-256 and Philox4x32-10 (J. K. ' +
    'Salmon et al., SC11, 2011) from the seed, the cell and the index, so that any of them can be computed ' +
    'again bit for bit.',
  'All trials share one horizon and stay in every denominator, so that shares are fractions of all trials ' +
    'and nothing is censored. Stop rules look only at contiguous prefixes of trials at fixed numbers, which ' +
    'keeps them free of the bias of stopping in the order of completion.',
]
