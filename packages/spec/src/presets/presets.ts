/** A landscape shipped with the package: a formula with its parameters and its named minima. */
export interface Preset {
  readonly name: string
  readonly summary: string
  /** Coordinate names; null if coordinates are x[1] .. x[d] and the dimension can be chosen. */
  readonly variables: readonly string[] | null
  /** The dimension. If it can be chosen, this is the default, and `smallest` (1 if absent) is the minimum. */
  readonly dimension: number
  readonly smallest?: number
  /** An expression over the coordinates and the parameters, and over d if the dimension can be chosen. */
  readonly expression: string
  readonly parameters: Readonly<Record<string, number>>
  /**
   * The minima by name. If the coordinates have names, each point is near a minimum, and Newton's method on the
   * gradient must find the exact minimum. If the dimension can be chosen, the number is the exact value of all
   * coordinates.
   */
  readonly minima: Readonly<Record<string, number | readonly number[]>>
  /** The region that pictures show: the range of the first coordinate, or the ranges of the first two coordinates. */
  readonly view: readonly Range[]
}

/** A closed interval. */
export type Range = readonly [low: number, high: number]

const box = (...ranges: readonly Range[]) => ranges
const square = (side: number) => box([-side, side], [-side, side])

/** By name, in the order of `driftfarm landscapes`. Without `variables`, the dimension can be chosen. */
const table: Readonly<Record<string, Pick<Preset, 'summary' | 'expression' | 'minima' | 'view'> & Partial<Preset>>> = {
  'double-well': {
    summary: 'Two equal wells at -1 and 1 with a barrier of 1/4 at 0',
    variables: ['x'],
    expression: '(x^2 - 1)^2/4',
    minima: { left: [-1], right: [1] },
    view: box([-1.8, 1.8]),
  },
  /** For |c| > 2/(3 sqrt 3) = 0.385, only one of the two wells exists. */
  'tilted-double-well': {
    summary: 'The double well tilted by c x; the left well is deeper for c > 0',
    variables: ['x'],
    expression: '(x^2 - 1)^2/4 + c*x',
    parameters: { c: 0.1 },
    minima: { left: [-1], right: [1] },
    view: box([-1.8, 1.8]),
  },
  quadratic: {
    summary: 'One round well of curvature h, for which exact results are known',
    dimension: 1,
    expression: 'sum(i, 1, d, h*x[i]^2)/2',
    parameters: { h: 1 },
    minima: { origin: 0 },
    view: box([-2, 2]),
  },
  banana: {
    summary: 'The double well along a curved valley',
    variables: ['x', 'y'],
    expression: '(x^2 - 1)^2/4 + (y - x^2)^2/2',
    minima: { left: [-1, 1], right: [1, 1] },
    view: box([-1.8, 1.8], [-0.9, 2.9]),
  },
  /** Bi-channel potential (Brehier et al., Ann. Appl. Probab. 26, 2016). */
  'three-hole': {
    summary: 'Two deep wells joined by two channels, the upper one through a shallow third well',
    variables: ['x', 'y'],
    expression:
      '3*exp(-x^2 - (y - 1/3)^2) - 3*exp(-x^2 - (y - 5/3)^2) - 5*exp(-(x - 1)^2 - y^2) - 5*exp(-(x + 1)^2 - y^2) + ' +
      '0.2*x^4 + 0.2*(y - 1/3)^4',
    minima: { left: [-1.048, -0.042], right: [1.048, -0.042], top: [0, 1.537] },
    view: box([-2, 2], [-1.4, 2.4]),
  },
  /** Mueller and Brown, Theor. Chim. Acta 53 (1979). */
  'mueller-brown': {
    summary: 'Reaction path benchmark with three minima in a curved valley',
    variables: ['x', 'y'],
    expression:
      '-200*exp(-(x - 1)^2 - 10*y^2) - 100*exp(-x^2 - 10*(y - 0.5)^2) - 170*exp(-6.5*(x + 0.5)^2 + 11*(x + 0.5)*(y - ' +
      '1.5) - 6.5*(y - 1.5)^2) + 15*exp(0.7*(x + 1)^2 + 0.6*(x + 1)*(y - 1) + 0.7*(y - 1)^2)',
    minima: { left: [-0.558, 1.44], middle: [-0.05, 0.467], right: [0.623, 0.028] },
    view: box([-1.6, 1.2], [-0.4, 2.1]),
  },
  himmelblau: {
    summary: 'Four equal minima, one in each quadrant',
    variables: ['x', 'y'],
    expression: '(x^2 + y - 11)^2 + (x + y^2 - 7)^2',
    minima: {
      northeast: [3, 2],
      northwest: [-2.805, 3.131],
      southwest: [-3.779, -3.283],
      southeast: [3.584, -1.848],
    },
    view: square(5.5),
  },
  /** Dixon and Szegoe (1978). The minima `lower` and `upper` are both global. */
  'six-hump-camel': {
    summary: 'Six minima, two of them global',
    variables: ['x', 'y'],
    expression: '(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2',
    minima: {
      lower: [0.0898, -0.7127],
      upper: [-0.0898, 0.7127],
      'left-upper': [-1.7036, 0.7961],
      'right-lower': [1.7036, -0.7961],
      'right-upper': [1.6071, 0.5687],
      'left-lower': [-1.6071, -0.5687],
    },
    view: box([-2.1, 2.1], [-1.2, 1.2]),
  },
  rosenbrock: {
    summary: 'A narrow curved valley of steepness b',
    smallest: 2,
    expression: 'sum(i, 1, d - 1, b*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)',
    parameters: { b: 100 },
    minima: { global: 1 },
    view: box([-2, 2], [-1, 3]),
  },
  rastrigin: {
    summary: 'A bowl with a lattice of local minima; the parameter a sets their depth',
    expression: 'a*d + sum(i, 1, d, x[i]^2 - a*cos(2*pi*x[i]))',
    parameters: { a: 10 },
    minima: { origin: 0 },
    view: square(3.3),
  },
  /** The term 1e-300 makes the gradient at the cusp 0, not 0/0. It changes the loss only if |x| < 1e-142. */
  ackley: {
    summary: 'A nearly flat rippled plain around one funnel',
    expression: '-a*exp(-b*sqrt(sum(i, 1, d, x[i]^2)/d + 1e-300)) - exp(sum(i, 1, d, cos(c*x[i]))/d) + a + e',
    parameters: { a: 20, b: 0.2, c: 6.283185307179586 },
    minima: { origin: 0 },
    view: square(5),
  },
  /**
   * Each coordinate of the global minimum is the smallest root of 4 x^3 - 32 x + 5 = 0, -2.903534027771177095, computed
   * by Newton's method with 50 decimal digits.
   */
  'styblinski-tang': {
    summary: 'A tilted double well in each coordinate: 2^d minima',
    expression: 'sum(i, 1, d, x[i]^4 - 16*x[i]^2 + 5*x[i])/2',
    minima: { global: -2.903534027771177 },
    view: square(4.5),
  },
}

export const presets: readonly Preset[] = Object.entries(table).map(([name, preset]) => ({
  name,
  variables: null,
  dimension: preset.variables?.length ?? 2,
  parameters: {},
  ...preset,
}))

export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name)
}
