import { anywhere, type Case, landscape, rest, spec, sweep, trial, update } from './mistakes.fixture.ts'

const network = (text: string) => landscape(`{ network: { data: { preset: xor }, ${text} } }`, anywhere)
const data = (text: string) => landscape(`{ network: { layers: [2, 3, 1], data: ${text} } }`, anywhere)
const formula = (text: string) => landscape(`{ formula: ${text} }`, anywhere)
const loss = (text: string) => formula(`{ variables: [a, b], expression: ${text} }`)
const expression = 'landscape.formula.expression'
const drift = (text: string) => update(`{ eta: 0.1, drift: ${text} }`)

/** Words, data and sweeps as those write them who use PyTorch and NumPy daily. */
export const habitsOfWords: readonly Case[] = [
  // Words of other programs.
  [
    'a momentum of SGD',
    'UNKNOWN_KEY',
    update('{ eta: 0.1, @momentum: 0.9 }'),
    'update.momentum',
    'write `rule: momentum`',
  ],
  [
    'beta of descent',
    'UNKNOWN_KEY',
    update('{ eta: 0.1, @beta: 0.9 }'),
    'update.beta',
    'beta belongs to momentum, nesterov',
  ],
  [
    'torch.tanh',
    'UNKNOWN_WORD',
    network('layers: [2, 3, 1], activation: @torch.tanh'),
    'landscape.network.activation',
    'did you mean tanh?',
  ],
  [
    'nn.ReLU()',
    'UNKNOWN_WORD',
    network('layers: [2, 3, 1], activation: @nn.ReLU()'),
    'landscape.network.activation',
    'did you mean relu?',
  ],
  [
    'BCEWithLogitsLoss',
    'UNKNOWN_WORD',
    network('layers: [2, 3, 1], loss: @BCEWithLogitsLoss'),
    'landscape.network.loss',
    'cross-entropy, with output: sigmoid',
  ],
  [
    'modules for layers',
    'WRONG_TYPE',
    network('layers: [2, 3, @tanh, 1]'),
    'landscape.network.layers.2',
    'activation: tanh',
  ],
  ['hidden_size', 'UNKNOWN_KEY', network('@hidden_size: 16'), 'landscape.network.hidden_size', 'did you mean layers'],
  [
    'batchSize',
    'UNKNOWN_KEY',
    network('layers: [2, 3, 1], @batchSize: 2'),
    'landscape.network.batchSize',
    'did you mean batch?',
  ],
  [
    'shuffle: true',
    'UNKNOWN_KEY',
    network('layers: [2, 3, 1], @shuffle: true'),
    'landscape.network.shuffle',
    '`sampling: shuffle`',
  ],
  [
    'a batch of Full',
    'WRONG_TYPE',
    network('layers: [2, 3, 1], batch: @Full'),
    'landscape.network.batch',
    'write `full`',
  ],
  [
    'a batch of more than all',
    'OUT_OF_RANGE',
    network('layers: [2, 3, 1], batch: @32, sampling: shuffle'),
    'landscape.network.batch',
    'from 1 to 4 (the number of samples)',
  ],
  [
    'gamma',
    'UNKNOWN_KEY',
    update('{ eta: { exponential: { initial: 0.1, @gamma: 0.9 } } }'),
    'update.eta.exponential.gamma',
    'did you mean rate?',
  ],
  ['a schedule by its name', 'WRONG_TYPE', update('{ eta: @cosine }'), 'update.eta', '{ cosine: { initial: 0.1'],
  ['no drift of Python', 'WRONG_TYPE', drift('@None'), 'update.drift', 'write drift: none'],
  [
    'kaiming_uniform',
    'UNKNOWN_WORD',
    landscape('{ network: { layers: [2, 3, 1], data: { preset: xor } } }', {
      ...anywhere,
      start: 'start: { init: @kaiming_uniform }',
    }),
    'start.init',
    'did you mean he?',
  ],
  ['np.zeros', 'WRONG_TYPE', spec({ start: 'start: @np.zeros(1)' }), 'start', 'write the point: [0]'],
  ['randn', 'WRONG_TYPE', spec({ start: 'start: @randn' }), 'start', 'gaussian: { mean: 0, sigma: 1 }'],
  ['two ends', 'WRONG_TYPE', spec({ start: 'start: { uniform: @[-1, 1] }' }), 'start.uniform', '{ low: -1, high: 1 }'],
  [
    'a tolerance',
    'WRONG_TYPE',
    trial('{ steps: 9, converge: @1e-3 }'),
    'trial.converge',
    'converge: { gradient: 0.001 }',
  ],
  ['rtol', 'UNKNOWN_KEY', rest('until: { estimate: escape, @rtol: 0.1 }'), 'until.rtol', 'did you mean relative?'],
  [
    'the second of two rules',
    'UNKNOWN_ESTIMATE',
    rest('until: [{ estimate: escape, events: 9 }, { estimate: @escpe, events: 9 }]'),
    'until.1.estimate',
    'did you mean escape?',
  ],

  // Data.
  [
    'a file for data',
    'WRONG_TYPE',
    data('@wind.csv'),
    'landscape.network.data',
    '{ csv: wind.csv, inputs: [column names]',
  ],
  ['a preset for data', 'WRONG_TYPE', data('@xor'), 'landscape.network.data', 'write data: { preset: xor }'],
  [
    'a path for a file',
    'UNKNOWN_KEY',
    data('{ @path: wind.csv, inputs: [a], targets: [b] }'),
    'landscape.network.data.path',
    'did you mean csv?',
  ],
  [
    'flat targets',
    'WRONG_TYPE',
    data('{ inputs: [[0, 1], [1, 1]], targets: @[0, 1] }'),
    'landscape.network.data.targets',
    '[[0], [1]]',
  ],
  [
    'make_moons',
    'UNKNOWN_PRESET',
    data('{ preset: @make_moons }'),
    'landscape.network.data.preset',
    'did you mean moons?',
  ],
  [
    'a column with a space',
    'EXPRESSION',
    loss('"a*wind @speed + b"'),
    expression,
    'names cannot contain spaces, so if the two words name a column, rename the column in its file',
  ],

  // Sweeps.
  [
    'nested paths',
    'AXIS',
    sweep('\n  @update:\n    eta: [0.1, 0.2]'),
    'sweep.update',
    'with dots: update.eta: [0.1, 0.2]',
  ],
  [
    'the kind of an axis as a key',
    'AXIS',
    sweep('\n  @update.eta: { linear: [0.1, 0.5, 5] }'),
    'sweep.update.eta',
    'write update.eta: { from: 0.1, to: 0.5, count: 5 }',
  ],
  [
    'a list as a key',
    'AXIS',
    sweep('\n  @update:\n    eta: { values: [0.1, 0.5] }'),
    'sweep.update',
    'write update.eta: [0.1, 0.5]',
  ],
  [
    'a parameter with such a name',
    'AXIS',
    sweep('\n  @landscape.parameters: { log: [0.1, 0.5] }'),
    'sweep.landscape.parameters',
    'with dots: landscape.parameters.log: [0.1, 0.5]',
  ],
  [
    'np.logspace',
    'AXIS',
    sweep('\n  update.eta: @np.logspace(-3, -1, 5)'),
    'sweep.update.eta',
    '{ from: 0.001, to: 0.1, count: 5, scale: log }',
  ],
  [
    'np.arange',
    'AXIS',
    sweep('\n  update.eta: @np.arange(0.1, 0.5, 0.1)'),
    'sweep.update.eta',
    '{ from: 0.1, to: 0.4, count: 4 }',
  ],
  ['range', 'AXIS', sweep('\n  seed: @range(10)'), 'sweep.seed', '{ from: 0, to: 9, count: 10 }'],
  [
    'a function torn by its commas',
    'AXIS',
    sweep('{ update.eta: @np.linspace(1, 2, 3) }'),
    'sweep.update.eta',
    '{ from: FIRST, to: LAST, count: COUNT }',
  ],
  [
    'a list in quotes',
    'AXIS',
    sweep('{ update.eta: @"[0.1, 0.2]" }'),
    'sweep.update.eta',
    'remove the quotes: [0.1, 0.2]',
  ],
  [
    'dashes without spaces',
    'AXIS',
    sweep('\n  update.eta:\n    @-0.1\n    -0.2'),
    'sweep.update.eta',
    'a space after each `-`',
  ],
  [
    'a step for a count',
    'UNKNOWN_KEY',
    sweep('{ update.eta: { from: 0.1, to: 0.5, @step: 0.1 } }'),
    'sweep.update.eta.step',
    'instead of `step`, write the number of values, as in count: 5',
  ],
  [
    'a name of let alone',
    'UNKNOWN_PATH',
    sweep('{ @T: [1, 2] }\nlet: { T: 1 }', { update: 'update: { eta: 0.1, drift: { sigma: "= T" } }' }),
    'T',
    'did you mean let.T?',
  ],
  [
    'half a path',
    'UNKNOWN_PATH',
    sweep('{ @network.layers: [[2, 1]] }'),
    'network.layers',
    'did you mean landscape.network.layers?',
  ],
  [
    'a whole path in where',
    'EXPRESSION',
    sweep('{ update.eta: [0.1, 0.2], where: "@update.eta > 0.1" }'),
    'sweep.where',
    'write eta instead of update.eta',
  ],

  // JSON and brackets.
  [
    'a comment of JavaScript',
    'UNKNOWN_KEY',
    '{"version": 1, "start": [-1], "landscape": {"preset": "double-well"}, "trial": {"steps": 9}, "trials": ' +
      '9,\n@// sgd\n"update": {"eta": 0.1}}',
    '// sgd "update"',
    'comments begin with #',
  ],
  ['no comma between lines', 'SYNTAX', '{"version": 1@\n "name": "a"}\n', '', 'end the line with a comma'],
  ['a bracket too many', 'SYNTAX', spec({ start: 'start: [-1]@]' }), '', 'remove the ]'],
  ['an open quote', 'SYNTAX', update("{ eta: @'= 0.1 }"), '', "add the missing '"],
]
