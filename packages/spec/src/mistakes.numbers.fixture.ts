import { type Case, spec, update } from './mistakes.fixture.ts'

/** Of updates and of expressions in numbers. */
export const numberMistakes: readonly Case[] = [
  // Updates.
  [
    'eta of words',
    'WRONG_TYPE',
    update('{ eta: @fast }'),
    'update.eta',
    '"fast" is not a number > 0, "= expression" or a schedule',
  ],
  ['eta of 0', 'OUT_OF_RANGE', update('{ eta: @0 }'), 'update.eta', 'write a number > 0'],
  ['eta of infinity', 'WRONG_TYPE', update('{ eta: @.inf }'), 'update.eta', '.inf'],
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
    'sigma and step cannot be given together',
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
    'cannot be given together',
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
  ['a sum', 'EXPRESSION', update('{ eta: @"= sum(i, 1, 9, i)" }'), 'update.eta', 'sums are not allowed here'],
  ['out of range by expression', 'OUT_OF_RANGE', update('{ eta: @"= 1 - 2" }'), 'update.eta', '(-1)'],
]
