import { type Case, contrast, rest, sweep } from './mistakes.fixture.ts'

const over = 'over: { update.drift.sigma: { from: 0.5, to: 2 } }'
/** A search with some keys, below `trials: 10`. */
const search = (keys: string, more = 'trials: 10') => rest(`${more}\nthreshold: { ${keys} }`)

const thresholdMistakes: readonly Case[] = [
  [
    'a threshold of nothing',
    'MISSING',
    search(`equals: 0.5, ${over}, within: 0.1`).replace('{ equals', '@{ equals'),
    'threshold.estimate',
    'such as escape',
  ],
  [
    'a threshold of a time',
    'UNKNOWN_ESTIMATE',
    search(`estimate: @escapeStep, equals: 0.5, ${over}, within: 0.1`),
    'threshold.estimate',
    'unknown estimate',
  ],
  [
    'a threshold of one',
    'OUT_OF_RANGE',
    search(`estimate: escape, equals: @1, ${over}, within: 0.1`),
    'threshold.equals',
    'a number > 0 and < 1',
  ],
  [
    'a threshold over two paths',
    'AXIS',
    search(
      'estimate: escape, equals: 0.5, over: @{ update.eta: { from: 1, to: 2 }, seed: { from: 1, to: 2 } }, within: 1',
    ),
    'threshold.over',
    'exactly one path',
  ],
  [
    'a threshold over a list',
    'WRONG_TYPE',
    search('estimate: escape, equals: 0.5, over: { update.eta: @[0.1, 0.2] }, within: 0.1'),
    'threshold.over.update.eta',
    '{from, to}',
  ],
  [
    'a threshold over an empty range',
    'OUT_OF_RANGE',
    search('estimate: escape, equals: 0.5, over: { update.eta: { from: 0.2, to: @0.2 } }, within: 0.1'),
    'threshold.over.update.eta.to',
    'above from (0.2)',
  ],
  [
    'a threshold with a count',
    'UNKNOWN_KEY',
    search('estimate: escape, equals: 0.5, over: { update.eta: { from: 0.1, to: 0.2, @count: 9 } }, within: 0.1'),
    'threshold.over.update.eta.count',
    'count',
  ],
  [
    'a threshold over an unknown path',
    'UNKNOWN_PATH',
    search('estimate: escape, equals: 0.5, over: { @drift.sigma: { from: 0.1, to: 0.2 } }, within: 0.1'),
    'drift.sigma',
    'did you mean update.drift.sigma?',
  ],
  [
    'a threshold over what is swept',
    'AXES_OVERLAP',
    rest(
      'trials: 10\nsweep: { update.eta: [1, 2] }\n' +
        `threshold: { estimate: escape, equals: 0.5, over: { @update.eta: { from: 1, to: 2 } }, within: 1 }`,
    ),
    'update.eta',
    'update.eta',
  ],
  [
    'a threshold too fine',
    'TOO_MANY_CELLS',
    search(`estimate: escape, equals: 0.5, ${over}, within: @1e-7`),
    'threshold.within',
    '1000000 cells a sweep',
  ],
  [
    'a threshold with more points than are searched',
    'TOO_MANY_CELLS',
    search(`estimate: escape, equals: 0.5, ${over}, within: 1e-5`).replace('{ estimate', '@{ estimate'),
    'threshold',
    '100000 points that are searched',
  ],
  [
    'a threshold without trials',
    'MISSING',
    search(`estimate: escape, equals: 0.5, ${over}, within: 0.1`, 'record: none').replace('version', '@version'),
    'trials',
    'the most that a point may take',
  ],
  [
    'a threshold beside a stop rule',
    'THRESHOLD',
    search(
      `estimate: escape, equals: 0.5, ${over}, within: 0.1`,
      'trials: 10\n@until: { estimate: escape, events: 9 }',
    ),
    'until',
    'is the stop rule',
  ],
  [
    'a threshold with contrasts',
    'THRESHOLD',
    rest(
      'trials: 10\nsweep: { update.eta: [0.1, 0.2] }\n' +
        '@contrasts: [{ of: escape, between: { update.eta: [0.1, 0.2] } }]\n' +
        `threshold: { estimate: escape, equals: 0.5, ${over}, within: 0.1 }`,
    ),
    'contrasts',
    'never computed',
  ],
  [
    'a condition that cuts a line of the search',
    'THRESHOLD',
    rest(
      'trials: 10\nsweep: { update.eta: [0.1, 0.2], where: @"sigma < 1" }\n' +
        `threshold: { estimate: escape, equals: 0.5, ${over}, within: 0.1 }`,
    ),
    'sweep.where',
    'has all of its points',
  ],
  [
    'a threshold of splitting',
    'METHOD',
    rest(
      'trials: 10\nmethod: { splitting: { score: "x", target: 0 } }\n' +
        `@threshold: { estimate: escape, equals: 0.5, ${over}, within: 0.1 }`,
    ),
    'threshold',
    'direct trials',
  ],
]

/** Of contrasts and axes. */
export const axisMistakes: readonly Case[] = [
  // Contrasts, of a sweep over update.eta: [0.1, 0.2] and let.T: [1, 2].
  [
    'a contrast without of',
    'MISSING',
    contrast('@{ between: { update.eta: [0.1, 0.2] } }'),
    'contrasts.0.of',
    'such as escape',
  ],
  [
    'a contrast of nothing',
    'UNKNOWN_ESTIMATE',
    contrast('of: @escap, between: { update.eta: [0.1, 0.2] }'),
    'contrasts.0.of',
    'did you mean escape?',
  ],
  [
    'a contrast of a time',
    'UNKNOWN_ESTIMATE',
    contrast('of: @escapeStep, between: { update.eta: [0.1, 0.2] }'),
    'contrasts.0.of',
    'unknown estimate',
  ],
  [
    'a contrast of a cost',
    'UNKNOWN_ESTIMATE',
    contrast('of: @cost:m, between: { update.eta: [0.1, 0.2] }', '', {
      trial: 'trial: { steps: 200, escape: "x >= 0", marks: { m: "x > 1" } }',
    }),
    'contrasts.0.of',
    'it is no probability; did you mean mark:m?',
  ],
  [
    'a contrast of what occurred together',
    'UNKNOWN_ESTIMATE',
    contrast('of: @joint, between: { update.eta: [0.1, 0.2] }'),
    'contrasts.0.of',
    'known: escape, diverge',
  ],
  [
    'a contrast of three values',
    'CONTRAST',
    contrast('of: escape, between: { update.eta: @[0.1, 0.2, 0.3] }'),
    'contrasts.0.between.update.eta',
    'two values',
  ],
  [
    'a contrast of two paths',
    'CONTRAST',
    contrast('of: escape, between: @{ update.eta: [0.1, 0.2], let.T: [1, 2] }'),
    'contrasts.0.between',
    'exactly one swept path',
  ],
  [
    'a contrast of what is not swept',
    'UNKNOWN_PATH',
    contrast('of: escape, between: { @update.etaa: [0.1, 0.2] }'),
    'contrasts.0.between.update.etaa',
    'did you mean update.eta?',
  ],
  [
    'a contrast with a value that the axis has not',
    'CONTRAST',
    contrast('of: escape, between: { update.eta: [0.1, @0.3] }'),
    'contrasts.0.between.update.eta.1',
    'the axis has 0.1, 0.2',
  ],
  [
    'a contrast of a value with itself',
    'CONTRAST',
    contrast('of: escape, between: { update.eta: @[0.1, 0.1] }'),
    'contrasts.0.between.update.eta',
    'the same',
  ],
  [
    'a contrast without pairs',
    'CONTRAST',
    contrast('of: escape, between: { @update.eta: [0.1, 0.2] }', 'where: "eta * T < 0.15 || eta * T > 0.3"'),
    'contrasts.0.between.update.eta',
    'no two cells',
  ],
  [
    'too many pairs',
    'TOO_MANY_CONTRASTS',
    sweep(
      '{ update.eta: [0.1, 0.2], let.A: { from: 1, to: 2, count: 300 }, let.B: { from: 1, to: 2, count: 200 } ' +
        '}\nlet: { A: 1, B: 1 }\ncontrasts: [{ of: escape, between: { update.eta: [0.1, 0.2] } }, @{ of: escape, ' +
        'between: { update.eta: [0.2, 0.1] } }]',
      { update: 'update: { eta: 0.1, drift: { sigma: "= A + B" } }' },
    ),
    'contrasts.1',
    '120000 pairs of cells is more than 100000',
  ],
  [
    'a kind of contrast',
    'UNKNOWN_WORD',
    contrast('of: escape, between: { update.eta: [0.1, 0.2] }, kind: @odds'),
    'contrasts.0.kind',
    'difference, ratio',
  ],

  // Axes.
  ['an unknown path', 'UNKNOWN_PATH', sweep('{ @update.etaa: [1] }'), 'update.etaa', 'did you mean update.eta?'],
  ['an unknown first key', 'UNKNOWN_PATH', sweep('{ @updat.eta: [1] }'), 'updat.eta', 'unknown path'],
  ['inside a word', 'UNKNOWN_PATH', sweep('{ @update.rule.beta: [1] }'), 'update.rule.beta', 'nothing inside it'],
  ['a demand', 'NOT_SWEEPABLE', sweep('{ @trials: [1, 2] }'), 'trials', 'part of a cell'],
  ['a name', 'NOT_SWEEPABLE', sweep('{ @name: [a, b] }'), 'name', 'cannot be swept'],
  ['a value out of range', 'OUT_OF_RANGE', sweep('{ update.eta: [0.1, @-1] }'), 'update.eta', 'a number > 0'],
  ['a value of the wrong kind', 'WRONG_TYPE', sweep('{ update.eta: [0.1, @fast] }'), 'update.eta', '"fast"'],
  [
    'a mistake in a subtree',
    'UNKNOWN_KEY',
    sweep('{ update: [{ eta: 1 }, { eta: 1, @drft: none }] }'),
    'update.drft',
    'did you mean drift?',
  ],
  ['a single value', 'AXIS', sweep('{ update.eta: @0.1 }'), 'sweep.update.eta', '[..] around it'],
  ['no values', 'AXIS', sweep('{ update.eta: @[] }'), 'sweep.update.eta', 'at least one value'],
  [
    'a range with a typo',
    'UNKNOWN_KEY',
    sweep('{ update.eta: { from: 1, @too: 2, count: 3 } }'),
    'sweep.update.eta.too',
    'did you mean to?',
  ],
  [
    'a log range from 0',
    'OUT_OF_RANGE',
    sweep('{ update.eta: { from: @0, to: 2, count: 3, scale: log } }'),
    'sweep.update.eta.from',
    'a number > 0',
  ],
  [
    'a range without count',
    'MISSING',
    sweep('{ update.eta: @{ from: 1, to: 2 } }'),
    'sweep.update.eta.count',
    'is missing',
  ],
  [
    'an unknown scale',
    'UNKNOWN_WORD',
    sweep('{ update.eta: { from: 1, to: 2, count: 3, scale: @logg } }'),
    'sweep.update.eta.scale',
    'did you mean log?',
  ],
  [
    'a range from what is swept',
    'NOT_ONE_NUMBER',
    sweep('{ let.T: [1, 2], update.eta: { from: "= @T", to: 9, count: 3 } }', { head: 'version: 1\nlet: { T: 1 }' }),
    'sweep.update.eta.from',
    'is swept',
  ],
  [
    '10^7 cells',
    'TOO_MANY_CELLS',
    sweep('{ update.drift.sigma: { from: 0, to: 1, count: 10000 }, @update.eta: { from: 1, to: 2, count: 1000 } }'),
    'update.eta',
    '1000000 cells',
  ],
  [
    'one axis of 10^9',
    'TOO_MANY_CELLS',
    sweep('{ @update.eta: { from: 1, to: 2, count: 1000000000 } }'),
    'update.eta',
    '1000000 cells',
  ],
  [
    'one path twice',
    'AXES_OVERLAP',
    sweep('{ @update.eta: [1], zip: [{ update.eta: [1], seed: [2] }] }'),
    'update.eta',
    'swept both',
  ],
  ['a path in a path', 'AXES_OVERLAP', sweep('{ update: [{ eta: 1 }], @update.eta: [1] }'), 'update.eta', 'swept both'],
  [
    'a path into both methods',
    'AXES_OVERLAP',
    rest('trials: 9\nmethod: both\nsweep: { @method.splitting.particles: [8, 16] }'),
    'method.splitting.particles',
    'is an axis itself',
  ],
  [
    'zip of two lengths',
    'AXIS',
    sweep('{ zip: [{ update.eta: [1, 2], seed: @[1, 2, 3] }] }'),
    'sweep.zip.0.seed',
    'equally many',
  ],
  [
    'a point with a gap',
    'MISSING',
    sweep('{ points: [{ update.eta: 1, seed: 1 }, @{ update.eta: 2 }] }'),
    'sweep.points.1.seed',
    'as in the first point',
  ],
  [
    'where of no path',
    'UNKNOWN_NAME',
    sweep('{ update.eta: [1, 2], where: "@etta > 1" }'),
    'sweep.where',
    'did you mean eta?',
  ],
  [
    'where of two paths',
    'NOT_ONE_NUMBER',
    sweep('{ let.c: [1, 2], landscape.parameters.c: [0, 0.1], where: "@c > 1" }', {
      landscape: 'landscape: { preset: tilted-double-well }',
    }),
    'sweep.where',
    'several swept paths',
  ],
  [
    'where of nothing left',
    'NO_CELLS',
    sweep('{ update.eta: [1, 2], where: @"eta > 5" }'),
    'sweep.where',
    'no cell is left',
  ],
  ...thresholdMistakes,
  ['a Sobol design', 'NOT_YET_BUILT', sweep('{ @sobol: { count: 10 } }'), 'sweep.sobol', 'not yet built'],
  ['a file that is not there', 'CSV', sweep('{ points: { csv: @none.csv } }'), 'sweep.points.csv', 'cannot be read'],
]
