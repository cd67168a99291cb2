import { anywhere, type Case, landscape, rest, sections, spec, trial, update } from './mistakes.fixture.ts'

const network = (text: string) => landscape(`{ network: { data: { preset: xor }, ${text} } }`, anywhere)
const _data = (text: string) => landscape(`{ network: { layers: [2, 3, 1], data: ${text} } }`, anywhere)
const formula = (text: string) => landscape(`{ formula: ${text} }`, anywhere)
const loss = (text: string) => formula(`{ variables: [a, b], expression: ${text} }`)
const expression = 'landscape.formula.expression'
const drift = (text: string) => update(`{ eta: 0.1, drift: ${text} }`)

/**
 * What a daily user of PyTorch, NumPy and YAML got wrong at first reading, each answered with what to write instead.
 */
export const habits: readonly Case[] = [
  // Levels: keys under the wrong section, and indentation.
  ['steps under update', 'UNKNOWN_KEY', update('{ eta: 0.1, @steps: 9 }'), 'update.steps', 'indented under `trial:`'],
  ['lr under trial', 'UNKNOWN_KEY', trial('{ steps: 9, @lr: 0.1 }'), 'trial.lr', 'indented under `update:`'],
  ['a drift at the top', 'UNKNOWN_KEY', rest('trials: 9\n@drift: { sigma: 1 }'), 'drift', 'indented under `update:`'],
  ['data under update', 'UNKNOWN_KEY', update('{ eta: 0.1, @data: xor }'), 'update.data', 'under `landscape:`'],
  ['a path for a key', 'UNKNOWN_KEY', spec({ update: '@update.eta: 0.1' }), 'update.eta', 'only under sweep'],
  [
    'a deeper section',
    'SYNTAX',
    `version: 1\nstart: [-1]\n  @${sections.update}\n`,
    '',
    'indent it by 0 spaces, like the line above',
  ],
  [
    'an = for a section',
    'UNKNOWN_KEY',
    spec({ update: '@update = { eta: 0.1 }' }),
    'update = { eta',
    'after `update`, write a colon and a space',
  ],
  [
    'no-break spaces',
    'UNKNOWN_KEY',
    `version: 1\n${sections.landscape}\n${sections.start}\n${sections.update}\n${sections.trial}\ntrials: ` +
      `9\nrate:\n  after: 1\n@\u00a0seed: 1\n`,
    '\u00a0seed',
    'indent it with plain spaces',
  ],

  // A list of mappings, a mapping and a single value for one another.
  [
    'a section as a list',
    'WRONG_TYPE',
    update('\n  @- rule: gradient\n  - eta: 0.1'),
    'update',
    'without `-` before the keys: { rule: gradient, eta: 0.1 }',
  ],
  [
    'a drift as a list of its keys',
    'WRONG_TYPE',
    update('\n  eta: 0.1\n  drift:\n    @- form: additive\n    - sigma: 1'),
    'update.drift',
    'drift: { form: additive, sigma: 1 }',
  ],
  [
    'parameters as a list',
    'WRONG_TYPE',
    formula('{ variables: [x], expression: k*x^2, parameters: @[{ k: 1 }] }'),
    'landscape.formula.parameters',
    'write one mapping, without [ ] and without `-` before the keys: { k: 1 }',
  ],
  [
    'names of let as a list',
    'WRONG_TYPE',
    rest('trials: 9\nlet: @[{ T: 1 }]'),
    'let',
    'without `-` before the keys: { T: 1 }',
  ],
  [
    'minima without names',
    'WRONG_TYPE',
    formula('{ variables: [x], expression: x^2, minima: @[[0]] }'),
    'landscape.formula.minima',
    'give each point a name',
  ],
  [
    'minima with their names inside',
    'WRONG_TYPE',
    formula('{ variables: [x], expression: x^2, minima: @[{ name: low, point: [0] }] }'),
    'landscape.formula.minima',
    '{ low: [0] }',
  ],
  ['axes as a list', 'WRONG_TYPE', rest('trials: 9\nsweep:\n  @- update.eta: [0.1]'), 'sweep', '{ update.eta: [0.1] }'],
  ['one variable', 'WRONG_TYPE', formula('{ variables: @x, expression: x^2 }'), 'landscape.formula.variables', '[x]'],
  ['a width', 'WRONG_TYPE', network('layers: @16'), 'landscape.network.layers', 'such as layers: [2, 16, 1]'],
  ['an estimate', 'WRONG_TYPE', rest('trials: 9\nestimates: @escape'), 'estimates', 'brackets: [escape]'],
  [
    'several step sizes',
    'WRONG_TYPE',
    update('{ eta: @[0.1, 0.2] }'),
    'update.eta',
    'sweep: { update.eta: [0.1, 0.2] }',
  ],
  ['several numbers of trials', 'WRONG_TYPE', rest('trials: @[10, 20]'), 'trials', 'it applies to all cells'],
  [
    'exits as a list',
    'WRONG_TYPE',
    trial('{ steps: 9, escape: @["x > 0", "x < -2"] }'),
    'trial.escape',
    '"x > 0 || x < -2"',
  ],
  [
    'marks as a text',
    'WRONG_TYPE',
    trial('{ steps: 9, marks: @"loss < 1" }'),
    'trial.marks',
    'a name for each condition',
  ],
  [
    'trials for the section',
    'WRONG_TYPE',
    spec({ trial: 'trials: @{ steps: 9 }', rest: '' }),
    'trials',
    'the section that describes a trial is `trial:`',
  ],
  [
    'a rule with its numbers',
    'WRONG_TYPE',
    update('{ eta: 0.1, rule: @{ adam: { beta1: 0.9 } } }'),
    'update.rule',
    'write `rule: adam`',
  ],
  [
    'a law with its scale',
    'UNKNOWN_KEY',
    drift('{ @gaussian: { sigma: 1 } }'),
    'update.drift.gaussian',
    'write `law: gaussian`',
  ],

  // Numbers and expressions.
  ['a step size in quotes', 'WRONG_TYPE', update('{ eta: @"1e-3" }'), 'update.eta', 'remove the quotes: 1e-3'],
  ['a float of C', 'WRONG_TYPE', update('{ eta: @0.1f }'), 'update.eta', 'write 0.1'],
  ['an exponent alone', 'WRONG_TYPE', update('{ eta: @e-3 }'), 'update.eta', 'write 1e-3'],
  ['a power', 'WRONG_TYPE', update('{ eta: @10**-3 }'), 'update.eta', 'write "= 10^-3"'],
  ['a unit', 'WRONG_TYPE', update('{ eta: @0.1 s }'), 'update.eta', 'a single number without units'],
  [
    'np.sqrt for a number',
    'WRONG_TYPE',
    drift('{ sigma: @np.sqrt(0.2) }'),
    'update.drift.sigma',
    'write "= sqrt(0.2)"',
  ],
  [
    'an expression torn by its comma',
    'EXPRESSION',
    drift('{ sigma: = max@(0.1, 0.2) }'),
    'update.drift.sigma',
    'a comma ends a value: put the whole value in quotes',
  ],
  ['a template', 'WRONG_TYPE', update(`\n  eta: @\${T}`), 'update.eta', 'write "= T", where T is a name under let'],
  ['a template in braces', 'SYNTAX', update(`{ eta: @\${T} }`), '', 'write "= T"'],
  ['an equation', 'EXPRESSION', loss('"L @= a^2 + b^2"'), expression, 'write only the part after the ='],
  ['a method', 'EXPRESSION', loss('"@a.pow(2) + b^2"'), expression, 'write x^y'],
  ['np.sum', 'EXPRESSION', loss('"@np.sum(a^2)"'), expression, 'such as sum(i, 1, d, x[i]^2)'],
  ['a parameter without a value', 'UNKNOWN_NAME', loss('"@k*a^2 + b^2"'), expression, 'under parameters: { k: 1 }'],
  ['x1 for x[1]', 'UNKNOWN_NAME', formula('{ dimension: 2, expression: "@x1^2" }'), expression, 'write x[1]'],
  [
    'quotes of a text editor',
    'EXPRESSION',
    trial('{ steps: 9, escape: @\u201cx > 0\u201d }'),
    'trial.escape',
    'straight quotes',
  ],
  ['any', 'EXPRESSION', trial('{ steps: 9, escape: "@any(x > 0)" }'), 'trial.escape', 'join the conditions with ||'],
  ['a letter of a paper', 'UNKNOWN_KEY', update('{ @\u03b7: 0.1 }'), 'update.\u03b7', 'did you mean eta?'],
]
