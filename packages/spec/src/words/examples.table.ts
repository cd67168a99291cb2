/** Examples by path. A message shows the example if the value at this path is missing or has the wrong type. */
export const examples: ReadonlyMap<string, string> = new Map([
  ['landscape', 'landscape: { preset: double-well }, or a formula, or a network'],
  ['landscape.formula', 'formula: { variables: [x], expression: "(x^2 - 1)^2/4" }'],
  ['landscape.network', 'network: { layers: [2, 3, 1], data: { preset: xor } }'],
  ['landscape.network.layers', 'the widths from the inputs to the outputs, such as layers: [2, 16, 1]'],
  ['landscape.formula.variables', 'variables: [x, y]'],
  ['start', 'a point [..] or {minimum: NAME}'],
  ['start.uniform', 'uniform: { low: -1, high: 1 }'],
  ['start.gaussian', 'gaussian: { mean: 0, sigma: 1 }'],
  ['update', 'update: { eta: 0.1, drift: { sigma: 1 } }'],
  ['update.drift', 'drift: { law: gaussian, sigma: 1 }, or drift: none'],
  ['trial', 'trial: { steps: 1000, escape: "x >= 0" }'],
  ['trial.escape', 'escape: "x >= 0", or several by name: { left: "x <= -2", right: "x >= 2" }'],
  ['trial.converge', 'converge: { gradient: 1e-3 }, or { within: 0.05, of: left }'],
  ['trial.classify', 'a name for each condition: classify: { good: "loss <= 0.1" }'],
  ['trial.marks', 'a name for each condition: marks: { near: "loss <= 0.1" }'],
  ['until', 'until: { estimate: escape, relative: 0.1 }, or trials: 10000 instead'],
  ['contrasts', 'contrasts: [{ of: escape, between: { update.eta: [0.1, 0.2] } }]'],
  ['sweep', 'sweep: { update.eta: [0.05, 0.1] }, one list for each path'],
  ['tags', 'tags: { note: "first try" }'],
])

export const schedules: ReadonlyMap<string, string> = new Map(
  (
    [
      ['power polynomial poly inverse decay', '{ power: { initial: 0.1, offset: 100, exponent: 0.5 } }'],
      ['exponential exp exponentiallr', '{ exponential: { initial: 0.1, rate: 0.999 } }'],
      ['cosine cos cosineannealing cosineannealinglr', '{ cosine: { initial: 0.1, final: 0.01, steps: 1000 } }'],
      ['step steplr multistep multisteplr piecewise', '{ piecewise: [[0, 0.1], [500, 0.01]] }'],
    ] as const
  ).flatMap(([words, example]) => words.split(' ').map((word) => [word, example] as const)),
)
