/**
 * What the page explains where the question arises. The texts are complete, since a farm may have no documentation.
 * `page` is the page of the documentation, without `.md`, and its heading.
 */
export const helpTopics = {
  drift: {
    title: 'Drift',
    text:
      'Drift is noise that is deliberately added to each step of gradient descent. Its scale is sigma. ' +
      'The step size is eta.',
    page: 'understand/sdg#drift',
  },
  escape: {
    title: 'Escape',
    text:
      'A trial escapes when the escape condition of the spec first holds, such as x >= 0. The estimate is the ' +
      'probability that this happens within the horizon, the largest number of steps of a trial.',
    page: 'understand/trial#kinds-of-escape',
  },
  intervals: {
    title: 'Confidence intervals',
    text:
      'Of all 95 % confidence intervals, at least 95 % contain the true value. An interval of half the width needs ' +
      'about four times as many trials.',
    page: 'understand/intervals#meaning-of-95',
  },
  stopping: {
    title: 'Stopping rules',
    text:
      'A stopping rule adds trials to a cell until its result is precise enough. If the cell reaches its largest ' +
      'number of trials first, the rule is not met, and the interval is valid but wider than requested.',
    page: 'understand/stopping',
  },
  checks: {
    title: 'Checks',
    text:
      'Checks look for reasons not to trust a number. Doubtful: the estimate may be misleading. Wrong: the estimate ' +
      'does not measure what was requested.',
    page: 'understand/checks#verdicts',
  },
  states: {
    title: 'States of a sweep',
    text:
      'Pausing a sweep lets running batches finish and starts no others. Stopping and cancelling end it: stopping ' +
      'lets running batches finish, cancelling does not. Finished trials always stay stored.',
    page: 'reference/life#sweep',
  },
  figures: {
    title: 'Kinds of figures',
    text:
      'The list has the kinds that this sweep can show. A figure follows the sweep while it runs. Downloads have the ' +
      'same numbers.',
    page: 'howto/plot#kinds',
  },
  exact: {
    title: 'Exact values',
    text:
      'For many cells with one or two coordinates, the probability follows from quadrature, without trials. An ' +
      'estimate should agree with it within its interval.',
    page: 'understand/exact#cells-with-exact-answers',
  },
  theorem: {
    title: 'Theorem 1',
    text:
      'Theorem 1 bounds the probability of leaving a ball around a minimum. Its bounds hold only if all its ' +
      'conditions hold.',
    page: 'understand/theorem-1#claim',
  },
  compare: {
    title: 'Comparison',
    text:
      'Cells with equal parameters form pairs. If the interval of a difference does not contain 0, the two cells ' +
      'differ.',
    page: 'howto/compare#two-sweeps',
  },
  cost: {
    title: 'Cost',
    text:
      'The cost depends on the number of cells, trials and steps. For an event with probability p, a relative ' +
      'half-width of 10 % needs about 400 (1 - p) / p trials.',
    page: 'howto/how-many#rules-of-thumb',
  },
  activity: {
    title: 'Activity',
    text:
      'A process is a coordinator or a worker. A bundle is the work that a worker gets at once: batches of trials, ' +
      'usually for about one second.',
    page: 'operate/overview#parts',
  },
  spec: {
    title: 'Sweep spec',
    text: 'A spec describes a sweep: landscape, start, update, trial, axes and the number of trials.',
    page: 'reference/spec',
  },
} as const
