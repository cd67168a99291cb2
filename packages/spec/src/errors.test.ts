import { describe, expect, test } from 'vitest'
import { parseSweep, SpecError, type SpecOptions, specErrorCodes } from './index.ts'
import { anywhere, type Case, contrast, d3, landscape, rest, spec, sweep, trial, update } from './mistakes.fixture.ts'
import { habits } from './mistakes.habits.fixture.ts'
import { habitsOfWords } from './mistakes.habitsWords.fixture.ts'
import { landscapeMistakes } from './mistakes.landscape.fixture.ts'
import { newcomersMistakes } from './mistakes.newcomers.fixture.ts'
import { newcomersTexts } from './mistakes.newcomersText.fixture.ts'
import { updateMistakes } from './mistakes.update.fixture.ts'

const cases: readonly Case[] = [
  ...landscapeMistakes,
  ...updateMistakes,
  ...newcomersMistakes,
  ...newcomersTexts,
  ...habits,
  ...habitsOfWords,

  // The text itself.
  ['empty', 'EMPTY', '@', '', 'version: 1'],
  ['only a comment', 'EMPTY', '@# nothing\n', '', 'nothing here'],
  ['no YAML', 'SYNTAX', 'version: 1\nname: @"open\n', '', 'neither YAML nor JSON'],
  ['two documents', 'SYNTAX', 'version: 1\n---\n@version: 1\n', '', 'one document a file'],
  ['a list', 'NOT_A_MAPPING', '@[1, 2]', '', 'not a mapping'],
  ['a key twice', 'DUPLICATE_KEY', 'version: 1\nseed: 1\n@seed: 2\n', '', 'keep one'],
  ['a key twice in JSON', 'DUPLICATE_KEY', '{"version": 1, "name": "a", @"name": "b"}', '', '"name" is here twice'],
  ['no key', 'KEY_REFUSED', '{"version": 1, @: }', '', 'keys are words'],
  ['__proto__', 'KEY_REFUSED', '{"version": 1, @"__proto__": {"x": 1}}', '', '__proto__'],
  ['constructor deep inside', 'KEY_REFUSED', 'version: 1\nlet: { @constructor: 1 }\n', '', 'constructor'],
  ['nesting', 'TOO_DEEP', `a: ${'['.repeat(70)}1${']'.repeat(70)}`, '', '64 levels'],
  ['an alias of nothing', 'ALIAS_REFUSED', 'version: 1\nlet: { T: @*none }\n', '', 'none'],
  ['an alias of what holds it', 'ALIAS_REFUSED', 'version: 1\nlet: &a { T: @*a }\n', '', 'hold itself'],
  ['a tag', 'TAG_REFUSED', 'version: 1\nname: !secret @x\n', '', '!secret'],
  ['1 MiB', 'SPEC_TOO_LARGE', `@${'#'.repeat(1_048_577)}`, '', '1048576 bytes'],

  // The document.
  ['no version', 'MISSING', spec({ head: '@name: bad' }), 'version', '`version: 1`'],
  ['version 2', 'VERSION', 'version: @2\n', 'version', 'write `version: 1`'],
  ['an unknown key', 'UNKNOWN_KEY', rest('trials: 10\n@landscpe: {}'), 'landscpe', 'did you mean landscape?'],
  ['a merge key', 'UNKNOWN_KEY', rest('trials: 10\n@<<: {}'), '<<', 'unknown key'],
  ['no start', 'MISSING', spec({ start: '' }), 'start', 'a point [..] or {minimum: NAME}'],
  ['a key without a value', 'WRONG_TYPE', update('{ eta: @null }'), 'update.eta', 'null is not a number > 0'],
  ['a bad name', 'WRONG_TYPE', spec({ head: 'version: 1\nname: @-x' }), 'name', 'a letter or digit first'],
  ['a bad tag', 'WRONG_TYPE', rest('trials: 10\ntags: { a: @1 }'), 'tags.a', 'a text'],

  // Seeds.
  [
    'a large seed',
    'SEED',
    spec({ head: 'version: 1\nseed: @18446744073709551616' }),
    'seed',
    '"18446744073709551616" is no seed',
  ],
  ['a negative seed', 'SEED', spec({ head: 'version: 1\nseed: @-1' }), 'seed', '0 to 18446744073709551615'],
  ['a broken seed', 'SEED', spec({ head: 'version: 1\nseed: @1.5' }), 'seed', '1.5'],
  ['a seed of words', 'SEED', spec({ head: 'version: 1\nseed: @lucky' }), 'seed', '"lucky"'],

  // Landscapes.
  [
    'an unknown preset',
    'UNKNOWN_PRESET',
    landscape('{ preset: @double-wel }'),
    'landscape.preset',
    'did you mean double-well?',
  ],
  [
    'two landscapes',
    'EXACTLY_ONE',
    landscape('@{ preset: double-well, formula: { variables: [x], expression: "x^2" } }'),
    'landscape',
    'preset and formula exclude',
  ],
  ['no landscape', 'EXACTLY_ONE', landscape('@{}'), 'landscape', 'none of preset, formula, network'],
  [
    'an unknown parameter',
    'UNKNOWN_PARAMETER',
    landscape('{ preset: quadratic, parameters: { @hh: 1 } }'),
    'landscape.parameters.hh',
    'did you mean h?',
  ],
  [
    'a parameter of none',
    'UNKNOWN_PARAMETER',
    landscape('{ preset: double-well, parameters: { @c: 1 } }'),
    'landscape.parameters.c',
    'double-well has no parameters',
  ],
  [
    'a dimension of none',
    'OUT_OF_RANGE',
    landscape('{ preset: double-well, dimension: @2 }'),
    'landscape.dimension',
    '1, or nothing',
  ],
  [
    'too small for rosenbrock',
    'OUT_OF_RANGE',
    landscape('{ preset: rosenbrock, dimension: @1 }'),
    'landscape.dimension',
    '>= 2',
  ],
  [
    'too many dimensions',
    'TOO_MANY_DIMENSIONS',
    landscape('{ preset: quadratic, dimension: @10001 }'),
    'landscape.dimension',
    '10000 dimensions',
  ],
  [
    'half a dimension',
    'NOT_AN_INTEGER',
    landscape('{ preset: quadratic, dimension: @1.5 }'),
    'landscape.dimension',
    '1.5 is not an integer',
  ],
  [
    'no variables',
    'EXACTLY_ONE',
    landscape('{ formula: @{ expression: "x^2" } }'),
    'landscape.formula',
    'variables, dimension',
  ],
  [
    'an unknown name in a loss',
    'UNKNOWN_NAME',
    landscape('{ formula: { variables: [x], expression: "x^2 + @y" } }'),
    'landscape.formula.expression',
    'unknown name "y"',
  ],
  [
    'a condition for a loss',
    'NOT_A_NUMBER',
    landscape('{ formula: { variables: [x], expression: @"x > 0" } }'),
    'landscape.formula.expression',
    'not a number',
  ],
  [
    'a variable called exp',
    'NAME_REFUSED',
    landscape('{ formula: { variables: [@exp], expression: "1" } }', anywhere),
    'landscape.formula.variables.0',
    'word of the grammar',
  ],
  [
    'a variable called loss',
    'NAME_REFUSED',
    landscape('{ formula: { variables: [@loss], expression: "1" } }', anywhere),
    'landscape.formula.variables.0',
    'choose another name',
  ],
  [
    'a let name like a coordinate',
    'NAME_REFUSED',
    spec({ head: 'version: 1\nlet: { @x: 1 }' }),
    'let.x',
    'it is a coordinate',
  ],
  [
    'a let name of letters and -',
    'NAME_REFUSED',
    spec({ head: 'version: 1\nlet: { @a-b: 1 }' }),
    'let.a-b',
    'letters, digits and _',
  ],
  [
    'an index too far',
    'INDEX_OUT_OF_RANGE',
    landscape('{ formula: { dimension: 3, expression: @"sum(i, 1, d, x[i+1]^2)" } }', anywhere),
    'landscape.formula.expression',
    'x[1] to x[3]',
  ],
  [
    'sums too long for the dimension',
    'EXPRESSION',
    landscape(
      '{ formula: { dimension: 400, expression: @"sum(i, 1, d, sum(j, 1, d - 1, sum(k, 1, d, x[i]*x[j]*x[k])))" } }',
      anywhere,
    ),
    'landscape.formula.expression',
    'in 400 dimensions it takes 191680400 operations',
  ],
  [
    'too many nodes',
    'EXPRESSION_TOO_LARGE',
    landscape(`{ formula: { variables: [x], expression: @"x${'+x'.repeat(5000)}" } }`),
    'landscape.formula.expression',
    '10000 nodes',
  ],
  [
    'an unknown minimum',
    'UNKNOWN_MINIMUM',
    spec({ start: 'start: { minimum: @leftt }' }),
    'start.minimum',
    'did you mean left?',
  ],
  [
    'a minimum that is gone',
    'MINIMUM_ABSENT',
    landscape('{ preset: tilted-double-well, parameters: { c: 0.5 } }', { start: 'start: { minimum: @right }' }),
    'start.minimum',
    'does not exist',
  ],
  ['a number for a start', 'WRONG_TYPE', spec({ start: 'start: @-1' }), 'start', 'a point [..]'],

  // Updates.
  [
    'eta of words',
    'WRONG_TYPE',
    update('{ eta: @fast }'),
    'update.eta',
    '"fast" is not a number > 0, "= expression" or a schedule',
  ],
  ['eta of 0', 'OUT_OF_RANGE', update('{ eta: @0 }'), 'update.eta', 'write a number > 0'],
  ['eta of infinity', 'WRONG_TYPE', update('{ eta: @.inf }'), 'update.eta', 'Infinity'],
  ['an unknown rule', 'UNKNOWN_WORD', update('{ rule: @momentun, eta: 0.1 }'), 'update.rule', 'did you mean momentum?'],
  ['momentum without beta', 'MISSING', update('@{ rule: momentum, eta: 0.1 }'), 'update.beta', 'a number >= 0 and < 1'],
  [
    'beta of gradient',
    'UNKNOWN_KEY',
    update('{ rule: gradient, eta: 0.1, @beta: 0.9 }'),
    'update.beta',
    'rule gradient has no beta',
  ],
  [
    'sigma below 0',
    'OUT_OF_RANGE',
    update('{ eta: 0.1, drift: { sigma: @-1 } }'),
    'update.drift.sigma',
    'a number >= 0',
  ],
  [
    'two scales',
    'EXACTLY_ONE',
    update('{ eta: 0.1, drift: @{ sigma: 1, step: 1 } }'),
    'update.drift',
    'sigma and step exclude',
  ],
  [
    'no scale',
    'EXACTLY_ONE',
    update('{ eta: 0.1, drift: [@{ law: uniform }] }'),
    'update.drift.0',
    'none of sigma, step, temperature',
  ],
  [
    'a mistyped scale',
    'UNKNOWN_KEY',
    update('{ eta: 0.1, drift: { @sgima: 1 } }'),
    'update.drift.sgima',
    'did you mean sigma?',
  ],
  ['an unknown schedule', 'UNKNOWN_KEY', update('{ eta: { @pwer: {} } }'), 'update.eta.pwer', 'did you mean power?'],
  [
    'two schedules',
    'EXACTLY_ONE',
    update('{ eta: @{ expression: "1/(n+1)", piecewise: [[0, 1]] } }'),
    'update.eta',
    'exclude one another',
  ],
  [
    'pieces out of order',
    'OUT_OF_RANGE',
    update('{ eta: { piecewise: [[0, 1], [9, 2], [@9, 3]] } }'),
    'update.eta.piecewise.2.0',
    'a step after 9',
  ],
  [
    'pieces from 1',
    'OUT_OF_RANGE',
    update('{ eta: { piecewise: [[@1, 1]] } }'),
    'update.eta.piecewise.0.0',
    '0 as the first step',
  ],
  [
    'a schedule over m',
    'UNKNOWN_NAME',
    update('{ eta: { expression: "1/(1+@m)" } }'),
    'update.eta.expression',
    'unknown name "m"',
  ],

  // Expressions in numbers.
  ['bad grammar', 'EXPRESSION', update('{ eta: "= 1 +@" }'), 'update.eta', 'ends here'],
  ['an unknown name', 'UNKNOWN_NAME', update('{ eta: "= 2*@stps" }'), 'update.eta', 'did you mean steps?'],
  [
    'a cycle',
    'CYCLE',
    spec({ head: 'version: 1\nlet: { a: @"= b", b: "= a" }', update: 'update: { eta: "= a" }' }),
    'let.a',
    'let.a <- let.b <- let.a',
  ],
  ['itself', 'CYCLE', update('{ eta: @"= eta" }'), 'update.eta', 'depends on itself'],
  ['not finite', 'NOT_FINITE', update('{ eta: @"= 1/0" }'), 'update.eta', 'Infinity'],
  ['a condition', 'NOT_A_NUMBER', update('{ eta: @"= 1 > 0" }'), 'update.eta', 'condition'],
  [
    'a schedule as a number',
    'NOT_ONE_NUMBER',
    update('{ eta: { power: { initial: 1, offset: 1, exponent: 1 } }, drift: { sigma: "= 2*@eta" } }'),
    'update.drift.sigma',
    'is a schedule here',
  ],
  ['a sum', 'EXPRESSION', update('{ eta: @"= sum(i, 1, 9, i)" }'), 'update.eta', 'no sum here'],
  ['out of range by expression', 'OUT_OF_RANGE', update('{ eta: @"= 1 - 2" }'), 'update.eta', '(-1)'],

  // Trials.
  ['negative steps', 'OUT_OF_RANGE', trial('{ steps: @-5 }'), 'trial.steps', 'an integer from 1 to 10^12'],
  ['too many steps', 'OUT_OF_RANGE', trial('{ steps: @1000000000001 }'), 'trial.steps', '10^12'],
  ['broken steps', 'NOT_AN_INTEGER', trial('{ steps: @"= 10/3" }'), 'trial.steps', 'not an integer'],
  ['no steps', 'MISSING', trial('@{ escape: "x >= 0" }'), 'trial.steps', 'an integer'],
  ['bad operator', 'EXPRESSION', trial('{ steps: 10, escape: "x @>== 0" }'), 'trial.escape', 'did you mean >=?'],
  [
    'unknown variable',
    'UNKNOWN_NAME',
    trial('{ steps: 10, escape: "@q >= 0" }'),
    'trial.escape',
    'known: x, loss, gradnorm, distance, step',
  ],
  [
    'mistyped quantity',
    'UNKNOWN_NAME',
    trial('{ steps: 10, escape: "@los >= 0" }'),
    'trial.escape',
    'did you mean loss?',
  ],
  [
    'a number for a condition',
    'NOT_A_CONDITION',
    trial('{ steps: 10, escape: @"x + 1" }'),
    'trial.escape',
    'compare it',
  ],
  [
    'x in three dimensions',
    'UNKNOWN_NAME',
    trial('{ steps: 10, escape: "@x >= 0" }', d3),
    'trial.escape',
    'x[1] to x[3]',
  ],
  [
    'x[4] of three',
    'INDEX_OUT_OF_RANGE',
    trial('{ steps: 10, escape: @"x[4] >= 0" }', d3),
    'trial.escape',
    'there is no x[4]',
  ],
  [
    'an index on a number',
    'UNKNOWN_NAME',
    trial('{ steps: 10, escape: "@x[1] >= 0" }'),
    'trial.escape',
    'without an index',
  ],
  [
    'an integer-like exit',
    'NAME_REFUSED',
    trial('{ steps: 10, escape: { @1: "x >= 0" } }'),
    'trial.escape.1',
    'a letter or _ first',
  ],
  ['no exits', 'MISSING', trial('{ steps: 10, escape: @{} }'), 'trial.escape', 'at least one named exit'],
  [
    'a number for an exit',
    'WRONG_TYPE',
    trial('{ steps: 10, escape: { up: @3 } }'),
    'trial.escape.up',
    'a condition such as',
  ],
  [
    'radius 0',
    'OUT_OF_RANGE',
    trial('{ steps: 10, escape: { outside: { radius: @0, of: left } } }'),
    'trial.escape.outside.radius',
    'a number > 0',
  ],
  [
    'an exit beside outside',
    'UNKNOWN_KEY',
    trial('{ steps: 10, escape: { outside: { radius: 1, of: left }, @up: "x > 0" } }'),
    'trial.escape.up',
    'beside outside',
  ],
  [
    'outside of nothing',
    'UNKNOWN_MINIMUM',
    trial('{ steps: 10, escape: { outside: { radius: 1, of: @lft } } }'),
    'trial.escape.outside.of',
    'did you mean left?',
  ],
  [
    'two kinds of converging',
    'EXACTLY_ONE',
    trial('{ steps: 10, converge: @{ within: 1, gradient: 1 } }'),
    'trial.converge',
    'within and gradient exclude',
  ],
  [
    'of without within',
    'UNKNOWN_KEY',
    trial('{ steps: 10, converge: { gradient: 1, @of: left } }'),
    'trial.converge.of',
    'belongs to `within`',
  ],
  [
    'any of no minima',
    'NO_MINIMA',
    landscape('{ formula: { variables: [x], expression: "x^2" } }', {
      trial: 'trial: { steps: 9, converge: { within: 1, of: @any } }',
    }),
    'trial.converge.of',
    'under `minima:`',
  ],
  [
    'hold 0',
    'OUT_OF_RANGE',
    trial('{ steps: 10, converge: { within: 1, of: left, hold: @0 } }'),
    'trial.converge.hold',
    'an integer from 1',
  ],
  [
    'the class other',
    'NAME_REFUSED',
    trial('{ steps: 10, classify: { @other: "x > 0" } }'),
    'trial.classify.other',
    'results use it',
  ],
  [
    'a word after stop',
    'UNKNOWN_WORD',
    trial('{ steps: 10, afterEscape: @stopp }'),
    'trial.afterEscape',
    'did you mean stop?',
  ],
  [
    'too many exits',
    'TOO_MANY_NAMES',
    trial(`{ steps: 10, escape: @{ ${Array.from({ length: 251 }, (_, i) => `e${i}: "x > 0"`).join(', ')} } }`),
    'trial.escape',
    '250 exits',
  ],

  // Demands.
  ['no trials', 'OUT_OF_RANGE', rest('trials: @0'), 'trials', 'an integer from 1 to 10^15'],
  ['too many trials', 'TOO_MANY_TRIALS', rest('trials: @1000000000000000000'), 'trials', '10^15 trials a cell'],
  [
    'too many in all',
    'TOO_MANY_TRIALS',
    rest('trials: @1000000000000000\nsweep: { update.eta: { from: 0.1, to: 1, count: 1001 } }'),
    'trials',
    '10^18 trials a sweep',
  ],
  ['neither', 'EXACTLY_ONE', `@${rest('priority: 1')}`, '', 'none of trials, until'],
  [
    'both',
    'EXACTLY_ONE',
    `@${rest('trials: 10\nuntil: { estimate: escape, events: 10 }')}`,
    '',
    'trials and until exclude',
  ],
  [
    'an unknown estimate',
    'UNKNOWN_ESTIMATE',
    rest('trials: 10\nestimates: [escape, @escap]'),
    'estimates.1',
    'did you mean escape?',
  ],
  [
    'an estimate without its event',
    'UNKNOWN_ESTIMATE',
    rest('trials: 10\nestimates: [@converge]'),
    'estimates.0',
    'it needs trial.converge',
  ],
  [
    'stop by a time',
    'UNKNOWN_ESTIMATE',
    rest('until: { estimate: @escapeStep, events: 10 }'),
    'until.estimate',
    'known: escape, diverge',
  ],
  [
    'a rule of two kinds',
    'EXACTLY_ONE',
    rest('until: @{ estimate: escape, events: 10, relative: 0.1 }'),
    'until',
    'relative and events exclude',
  ],
  ['one event', 'OUT_OF_RANGE', rest('until: { estimate: escape, events: @1 }'), 'until.events', 'an integer from 2'],
  [
    'a method of events',
    'UNKNOWN_KEY',
    rest('until: { estimate: escape, events: 10, @method: gbas }'),
    'until.method',
    'belongs to `relative` alone',
  ],
  [
    'an unknown method',
    'UNKNOWN_WORD',
    rest('until: { estimate: escape, relative: 0.1, method: @gabs }'),
    'until.method',
    'did you mean gbas?',
  ],
  [
    'indifference of a width',
    'UNKNOWN_KEY',
    rest('until: { estimate: escape, halfWidth: 0.1, @indifference: 0.1 }'),
    'until.indifference',
    'belongs to `above` alone',
  ],
  [
    'a threshold that nothing is above',
    'OUT_OF_RANGE',
    rest('until: { estimate: escape, above: @0.95, indifference: 0.1 }'),
    'until.above',
    'or a smaller indifference',
  ],
  ['a budget without a rule', 'MISSING', `@${rest('trials: 10\nbudget: 5000')}`, 'until', 'says what a cell needs'],
  [
    'a budget below the first check points',
    'OUT_OF_RANGE',
    rest('until: { estimate: escape, relative: 0.1 }\nbudget: @1500\nsweep: { update.eta: [0.1, 0.2] }'),
    'budget',
    'at least 2000, until.min (1000) for each of 2 cells',
  ],
  [
    'a budget over too many cells',
    'TOO_MANY_CELLS',
    rest(
      'until: { estimate: escape, relative: 0.1 }\nbudget: @1000000000\nsweep: { update.eta: { from: 0.1, to: 1, count: 10001 } }',
    ),
    'budget',
    '10000 cells that share a budget',
  ],
  [
    'max below min',
    'OUT_OF_RANGE',
    rest('until: { estimate: escape, relative: 0.1, max: @10 }'),
    'until.max',
    'from min (1000) on',
  ],
  ['no rules', 'MISSING', rest('until: @[]'), 'until', 'at least one rule'],
  [
    'two confidences',
    'OUT_OF_RANGE',
    rest(
      'until: [{ estimate: escape, events: 9, confidence: 0.9 }, { estimate: escape, relative: 0.1, confidence: @0.8 }]',
    ),
    'until.1.confidence',
    'for all rules',
  ],
  ['confidence 1', 'OUT_OF_RANGE', rest('trials: 10\nconfidence: @1'), 'confidence', '< 1'],
  ['a late horizon', 'HORIZON', rest('trials: 10\nhorizons: [100, @200]'), 'horizons.1', 'integers from 1 to 199'],
  ['a late burn-in', 'HORIZON', rest('trials: 10\nrate: { after: @200 }'), 'rate.after', 'integers from 1 to 199'],
  ['half a burn-in', 'NOT_AN_INTEGER', rest('trials: 10\nrate: { after: @0.5 }'), 'rate.after', 'an integer from 0'],
  ['record of words', 'UNKNOWN_WORD', rest('trials: 10\nrecord: @evnts'), 'record', 'did you mean events?'],
  ['a sample of 2', 'OUT_OF_RANGE', rest('trials: 10\nrecord: { sample: @2 }'), 'record.sample', '<= 1'],
  ['priority 11', 'OUT_OF_RANGE', rest('trials: 10\npriority: @11'), 'priority', '-10 to 10'],
  [
    'a score of unknown names',
    'UNKNOWN_NAME',
    rest('method: { splitting: { score: "@y" } }'),
    'method.splitting.score',
    'x',
  ],
  [
    'a score that is a condition',
    'NOT_A_NUMBER',
    rest('method: { splitting: { score: @"x > 0" } }'),
    'method.splitting.score',
    'x > 0',
  ],
  [
    'one particle',
    'OUT_OF_RANGE',
    rest('method: { splitting: { particles: @1 } }'),
    'method.splitting.particles',
    '2 or more',
  ],
  [
    'all particles killed',
    'OUT_OF_RANGE',
    rest('method: { splitting: { particles: 10, kill: @10 } }'),
    'method.splitting.kill',
    'fewer than the 10',
  ],
  [
    'no such key of splitting',
    'UNKNOWN_KEY',
    rest('method: { splitting: { @particle: 10 } }'),
    'method.splitting.particle',
    'particles',
  ],
  [
    'a stop rule of splitting',
    'METHOD',
    rest('@until: { estimate: escape, relative: 0.1 }\nmethod: splitting'),
    'until',
    'number of replicas',
  ],
  ['a horizon of splitting', 'METHOD', rest('@horizons: [100]\nmethod: splitting'), 'horizons', 'whole horizon alone'],
  [
    'a burn-in of a tilt',
    'METHOD',
    rest('trials: 9\n@rate: { after: 9 }\nmethod: { tilt: { shift: "1" } }'),
    'rate',
    'tilt',
  ],
  [
    'another estimate of splitting',
    'METHOD',
    rest('estimates: [escape, @escapeStep]\nmethod: splitting'),
    'estimates.1',
    'escape and exit:NAME',
  ],
  [
    'an estimate that replicas do not tell',
    'UNKNOWN_ESTIMATE',
    rest('estimates: @[stay]\nmethod: both\ntrials: 10'),
    'estimates',
    'escape',
  ],
  [
    'a shift by a name of two meanings',
    'NAME_REFUSED',
    rest('trials: 10\nlet: { g: 1 }\nmethod: { tilt: { shift: @"2 * g" } }'),
    'method.tilt.shift',
    'partial derivative',
  ],
  [
    'a shift that is no number',
    'OUT_OF_RANGE',
    rest('trials: 10\nlet: { a: 0 }\nmethod: { tilt: { shift: @"a/0" } }'),
    'method.tilt.shift',
    'NaN is out of range; write a shift below',
  ],

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
      '{ update.eta: [0.1, 0.2], let.A: { from: 1, to: 2, count: 300 }, let.B: { from: 1, to: 2, count: 200 } }\nlet: { A: 1, B: 1 }\ncontrasts: [{ of: escape, between: { update.eta: [0.1, 0.2] } }, @{ of: escape, between: { update.eta: [0.2, 0.1] } }]',
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
  ['a Sobol design', 'NOT_YET_BUILT', sweep('{ @sobol: { count: 10 } }'), 'sweep.sobol', 'not yet built'],
  ['a file that is not there', 'CSV', sweep('{ points: { csv: @none.csv } }'), 'sweep.points.csv', 'cannot be read'],
]

function caught(text: string, options: Partial<SpecOptions> = {}): SpecError {
  try {
    parseSweep(text, { fileName: 'bad.yaml', ...options })
  } catch (error) {
    if (error instanceof SpecError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('every mistake has its code, its place and a way out', () => {
  test.each(cases)('%s: %s', (_what, code, marked, path, words) => {
    const at = marked.indexOf('@')
    const error = caught(marked.replace('@', ''))
    expect(error.message).toContain(words)
    expect([error.code, error.path]).toEqual([code, path])
    expect(error.hint).not.toBe('')
    expect(error.errors.map(({ message }) => message)).toEqual([error.message])
    expect(error.message).not.toMatch(/\n/)
    if (at < 0) return
    const before = marked.slice(0, at).split('\n')
    expect([error.line, error.column]).toEqual([before.length, before.at(-1)!.length + 1])
    expect(error.message.startsWith(`bad.yaml:${error.line}:${error.column}: `)).toBe(true)
  })

  test('what a terminal would obey does not reach it', () => {
    expect(caught('version: 1\n"\\e[31mred\\n": 1\n').message).not.toMatch(/\p{Cc}/u)
  })

  test('all codes but those of options and files are among them', () => {
    const seen = new Set(cases.map(([, code]) => code))
    expect(specErrorCodes.filter((code) => !seen.has(code))).toEqual([
      'SWEPT',
      'FILE_TOO_LARGE',
      'DATA_TOO_LARGE',
      'UNKNOWN_COLUMN',
      'OPTION',
    ])
  })
})

describe('mistakes in options', () => {
  const good = spec({ rest: 'trials: 10\nsweep: { update.eta: [0.1, 0.2] }' })
  test.each([
    ['trial.steps', '-1', 'OUT_OF_RANGE', 'trial.steps', 'an integer from 1'],
    ['trial.stepps', '5', 'UNKNOWN_KEY', 'trial.stepps', 'did you mean steps?'],
    ['start.x', '5', 'UNKNOWN_PATH', 'start.x', 'nothing inside start'],
    ['update.eta', '0.5', 'SWEPT', 'update.eta', 'sweep.update.eta=[0.5]'],
    ['__proto__.x', '0.5', 'OPTION', '', 'no path'],
    ['seed', '[1', 'SYNTAX', '', 'neither YAML nor JSON'],
    ['seed', '18446744073709551616', 'SEED', 'seed', '"18446744073709551616"'],
    ['sweep.update.eta', '[-1]', 'OUT_OF_RANGE', 'update.eta', 'a number > 0'],
  ])('--set %s=%s', (path, value, code, at, words) => {
    const error = caught(good, { set: [[path, value]] })
    expect(error.message).toContain(words)
    expect([error.code, error.path, error.line]).toEqual([code, at, null])
    expect(error.message).toContain(`--set ${path}=${value}: `)
  })

  test.each([0, -1, 1.5, 1e16, Number.NaN])('--trials %s', (trials) => {
    const error = caught(good, { trials })
    expect([error.path, error.line]).toEqual(['trials', null])
    expect(error.message).toContain(`--trials ${trials}: `)
  })
})

describe('mistakes in data files', () => {
  const network = (data: string) =>
    landscape(`{ network: { layers: [2, 3, 1], data: { csv: wind.csv, ${data} } } }`, anywhere)
  const named = network('inputs: [a, b], targets: [y]')
  test.each([
    ['a;b;y\n1;2;3\n', named, 'UNKNOWN_COLUMN', 'the first line of wind.csv has semicolons: separate values by commas'],
    ['1,2,3\n4,5,6\n', named, 'UNKNOWN_COLUMN', 'the first line of wind.csv holds numbers: put a line of names above'],
    ['wind speed,b,y\n1,2,3\n', network('inputs: [wind_speed, b], targets: [y]'), 'UNKNOWN_COLUMN', 'wind speed?'],
    ['a,b,y\n1,2,3\n', network('inputs: [0, 1], targets: [y]'), 'WRONG_TYPE', 'as in the first line of the file'],
    ['a,b,y\n1,2,cat\n2,1,dog\n', named, 'OUT_OF_RANGE', 'write 2, the number of targets of the data'],
  ])('%j', (text, spec, code, words) => {
    const error = caught(spec, { readFile: () => text })
    expect(error.errors.map(({ code }) => code)).toEqual([code])
    expect(error.message).toContain(words)
  })

  test('a file that is not there, as the system says it', () => {
    const readFile = () => {
      throw new Error("ENOENT: no such file or directory, open 'wind.csv'")
    }
    expect(caught(named, { readFile }).message).toContain('"wind.csv" cannot be used: there is no such file')
  })
})

describe('mistakes in tables', () => {
  const table = spec({ rest: 'trials: 10\nsweep: { points: { csv: t.csv } }' })
  test.each([
    ['update.eta,seed\n0.1,1\n-2,2\n', 'OUT_OF_RANGE', 't.csv:3:1: update.eta: -2 is out of range'],
    ['update.eta,seed\n0.1,1\n0.2\n', 'CSV', 't.csv:3:1: this table cannot be read: 1 values under 2 paths'],
    ['update.etaa\n0.1\n', 'UNKNOWN_PATH', 't.csv:1:1: update.etaa: unknown path'],
    ['', 'CSV', 't.csv:1:1'],
  ])('%j', (text, code, words) => {
    const error = caught(table, { readFile: () => text })
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
  })
})
