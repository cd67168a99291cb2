/** A key is the name of a method up to the first `:` or `/`. Textbook methods have no reference. */
const intervals: Readonly<Record<string, readonly [text: string, reference?: string]>> = {
  'clopper-pearson': [
    'exact interval of a count in a fixed number of trials',
    'C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413',
  ],
  wilson: ['score interval of a count', 'E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212'],
  jeffreys: [
    'interval of a count under the Jeffreys prior',
    'L. D. Brown, T. T. Cai and A. DasGupta, Statist. Sci. 16 (2001) 101-133',
  ],
  'inverse-binomial': [
    'exact interval when trials run until a fixed number of events has occurred',
    'J. B. S. Haldane, Biometrika 33 (1945) 222-225; L. Mendo, arXiv:0904.3812',
  ],
  gbas: [
    'exact interval for a Gamma Bernoulli approximation scheme, which stops at a fixed number of events',
    'M. Huber, arXiv:1309.5413',
  ],
  'gbas-bounded': [
    'interval for a Gamma Bernoulli approximation scheme that reached its maximum number of trials before the ' +
      'fixed number of events',
    'M. Huber, arXiv:1309.5413',
  ],
  'beta-binomial': [
    'interval valid at any number of trials, however that number was chosen (a beta-binomial mixture over a ' +
      'uniform prior)',
    'H. Robbins, Ann. Math. Statist. 41 (1970) 1397-1409; S. R. Howard et al., Ann. Statist. 49 (2021) 1055-1080',
  ],
  poisson: ['exact interval of a Poisson count over the steps at risk', 'F. Garwood, Biometrika 28 (1936) 437-442'],
  student: ["Student's t interval for a mean"],
  'asymptotic-sequence': [
    'asymptotic confidence sequence for a mean, valid at any number of trials',
    'I. Waudby-Smith et al., arXiv:2103.06476',
  ],
  bounded: ['conservative interval for a mean of bounded values'],
  replicas: [
    "Student's t interval for the mean of independent replicas of adaptive multilevel splitting (this mean is " +
      'unbiased); the upper limit assumes that the spread is proportional to the mean',
    'C.-E. Brehier et al., Ann. Appl. Probab. 26 (2016) 3559-3601',
  ],
  extinct: ['upper limit if every replica died out'],
  alike: ['interval computed from the number of values, used if all values are equal'],
  weights: [
    "Student's t interval for the mean of weighted trials; the upper limit assumes that the spread is proportional " +
      'to the mean',
  ],
  'original-noise': [
    'upper limit if no trial had the event, computed from the share of trials that keep the original noise',
  ],
  'no-weight': ['interval from 0 to 1 if no trial had the event, since the weights are unbounded'],
  delta: ['interval of a ratio of means, by linearisation (delta method)'],
  bonferroni: [
    'combination of the intervals of two or three quantities, each with an equal share of the error probability ' +
      '(1 - confidence)',
  ],
  'miettinen-nurminen': [
    'score interval for two independent counts',
    'O. Miettinen and M. Nurminen, Statist. Med. 4 (1985) 213-226',
  ],
  tango: ['score interval of a difference of paired counts', 'T. Tango, Statist. Med. 17 (1998) 891-908'],
  tang: [
    'score interval of a ratio of paired counts',
    'N.-S. Tang, M.-L. Tang and I. S. F. Chan, Statist. Med. 22 (2003) 1217-1233',
  ],
  dkw: ['band that holds for all steps simultaneously', 'P. Massart, Ann. Probab. 18 (1990) 1269-1283'],
  'dkw-union': [
    'band that holds for all steps and all numbers of trials simultaneously',
    'P. Massart, Ann. Probab. 18 (1990) 1269-1283',
  ],
}

/** The description and the reference of a method such as `beta-binomial/42`; null for an unknown one. */
export function intervalText(method: string) {
  const [name = '', parts] = method.split(':')[0]!.split('/')
  const known = intervals[name]
  if (known === undefined) return null
  const [text, reference] = known
  const share = `, with 1/${parts} of the error probability (1 - confidence), to allow for interim looks`
  return { text: parts === undefined ? text : text + share, reference }
}

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
