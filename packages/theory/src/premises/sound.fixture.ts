/**
 * Random specs in which nothing misleads: stable steps, starts at a minimum, events that are false there, noise by
 * which theta has the temperature that is requested (so of a law with variance 1, beside plain descent with short
 * steps).
 */

/** xorshift32 after its first few: uniform numbers in (0, 1). */
export function uniforms(seed: number): () => number {
  let state = seed * 2654435761 + 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return ((state >>> 0) + 0.5) / 2 ** 32
  }
  for (let i = 0; i < 20; i++) next()
  return next
}

interface Place {
  readonly landscape: Record<string, unknown>
  readonly minimum: string
  readonly dimension: number
  /** Largest curvature at the minimum, or a little more. */
  readonly curvature: number
  /** Height of the way out: the scale of temperatures. */
  readonly height: number
  /** Conditions that are false in the minimum's basin. */
  readonly exits: readonly string[]
  /** How far on the way out, for splitting; where there is one way. */
  readonly score?: string
}

const places: readonly Place[] = [
  {
    landscape: { preset: 'double-well' },
    minimum: 'left',
    dimension: 1,
    curvature: 2,
    height: 0.25,
    exits: ['x >= 0', 'x >= 0.5'],
    score: 'x',
  },
  {
    landscape: { preset: 'tilted-double-well' },
    minimum: 'left',
    dimension: 1,
    curvature: 2.4,
    height: 0.3,
    exits: ['x >= 0.1', 'x >= 0.6'],
    score: 'x',
  },
  {
    landscape: { preset: 'tilted-double-well', parameters: { c: 0.2 } },
    minimum: 'right',
    dimension: 1,
    curvature: 2.2,
    height: 0.1,
    exits: ['x <= 0', 'x <= -0.5'],
  },
  {
    landscape: { preset: 'quadratic', dimension: 1, parameters: { h: 2 } },
    minimum: 'origin',
    dimension: 1,
    curvature: 2,
    height: 0.3,
    exits: ['x[1] >= 0.7', 'distance >= 0.6'],
    score: 'distance',
  },
  {
    landscape: { preset: 'quadratic', dimension: 3 },
    minimum: 'origin',
    dimension: 3,
    curvature: 1,
    height: 0.5,
    exits: ['distance >= 1', 'loss >= 0.5'],
    score: 'distance',
  },
  {
    landscape: { preset: 'banana' },
    minimum: 'left',
    dimension: 2,
    curvature: 6.8,
    height: 0.25,
    exits: ['x >= 0', 'x >= 0 && y >= 0.2'],
  },
  {
    landscape: { preset: 'three-hole' },
    minimum: 'right',
    dimension: 2,
    curvature: 22,
    height: 1.2,
    exits: ['x <= 0', 'x <= 0 && y <= 1'],
  },
  {
    landscape: { preset: 'himmelblau' },
    minimum: 'northeast',
    dimension: 2,
    curvature: 110,
    height: 13,
    exits: ['distance >= 3', 'loss >= 13'],
  },
]

/** A spec of one cell by the numbers of `uniform`. */
export function soundSpec(uniform: () => number, name: string): Record<string, unknown> {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(uniform() * items.length)]!
  const chance = (share: number) => uniform() < share
  const between = (low: number, high: number) => low * (high / low) ** uniform()
  const place = pick(places)
  const { curvature, height, dimension, minimum, exits } = place
  const eta = between(0.03, 0.09) / curvature
  const temperature = height * between(0.3, 2)
  const rule = pick(['gradient', 'gradient', 'momentum', 'nesterov', 'adam'] as const)
  const beta = pick([0.5, 0.9])
  const memory = rule === 'momentum' || rule === 'nesterov' ? { beta } : {}
  const law = pick(['gaussian', 'gaussian', 'uniform', 'rademacher', 'laplace', { student: { nu: 5 } }] as const)
  const sigma = Math.sqrt((2 * temperature) / eta)
  const scales = [
    { sigma },
    { step: Math.sqrt(2 * eta * temperature) },
    ...(typeof law === 'string' ? [{ temperature }] : []),
  ]
  const scale = rule === 'gradient' ? pick(scales) : { sigma: sigma * (1 - beta) }
  const condition = pick(exits)
  const splits = place.score !== undefined && rule === 'gradient' && law === 'gaussian' && chance(0.3)
  const descent = { gradient: 1e-8 * curvature, eta: 0.5 / curvature }
  const escape = splits
    ? condition
    : pick([
        condition,
        condition,
        { out: condition, back: 'loss >= 1e5' },
        { basin: true, every: 25, ...descent },
        { outside: { radius: place.exits[0]!.includes('distance') ? 0.6 : 0.5, of: minimum } },
      ])
  const start = pick([{ minimum }, { minimum }, { descend: { from: { minimum }, ...descent } }])
  return {
    version: 1,
    name,
    seed: Math.floor(uniform() * 2 ** 32),
    landscape: place.landscape,
    start,
    update: {
      rule,
      ...memory,
      eta,
      drift: { form: 'additive', law, isotropic: dimension > 1 && chance(0.3), ...scale },
    },
    trial: {
      steps: pick([50, 100, 200]),
      escape,
      ...(chance(0.3) ? { marks: { high: `loss >= ${height * 5}` } } : {}),
      ...(chance(0.3) ? { classify: { near: 'gradnorm <= 0.1' } } : {}),
      ...(chance(0.1) ? { quench: { ...descent, steps: 100_000 } } : {}),
    },
    ...(splits ? { method: { splitting: { score: place.score, particles: 300, replicas: 64 } } } : {}),
    trials: pick([100, 200]),
  }
}
