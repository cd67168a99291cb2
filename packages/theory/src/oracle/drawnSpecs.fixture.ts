/** Mulberry32: numbers in [0, 1). */
export function generator(begin: number): () => number {
  let state = begin
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Place {
  readonly loss: string
  readonly start: readonly number[]
}
const lines: readonly Place[] = [
  { loss: '(x^2-1)^2/4', start: [-1] },
  { loss: '(x^2-1)^2/4 + 0.15*x', start: [-1.08] },
  { loss: '(x^2-1)^2/4 - 0.1*x', start: [0.9] },
  { loss: 'x^2/2', start: [0.1] },
  { loss: '2*x^2', start: [0] },
  { loss: '1 - cos(2*x)', start: [0.2] },
  { loss: 'x^4/100', start: [0.3] },
  { loss: '1 - cos(2*x) + 0.1*x^2', start: [0] },
  { loss: 'log(cosh(2*x)) - 0.1*x', start: [0] },
  { loss: 'x^2/2 + x^4/4', start: [0.1] },
]
const planes: readonly Place[] = [
  { loss: '(x^2-1)^2/4 + (y-x^2)^2/2', start: [-1, 1] },
  { loss: '(x^2-1)^2/4 + y^2', start: [-1, 0] },
  { loss: 'x^2/2 + y^2/2 + x*y/4', start: [0, 0.1] },
  { loss: '(x^2-1)^2/4 + y^2 + x*y^2/4', start: [-1, 0] },
  { loss: 'x^2/2 + y^2/2', start: [0.3, 0] },
]
const laws = ['gaussian', 'gaussian', 'uniform', 'laplace', { student: { nu: 3 } }, 'cauchy', 'rademacher'] as const
type Escape = string | Readonly<Record<string, unknown>> | null
const far = { outside: { radius: 1.3, of: [0] } }
const lineExits: readonly Escape[] = [
  'x >= 0.8',
  { low: 'x <= -1.6', high: 'x >= 1.4' },
  'x >= 0.4 && x <= 0.9',
  far,
  'abs(x - 1) <= 0.2',
  null,
  'x >= 0.8',
]
const fromStart = (start: readonly number[]): Escape => ({ outside: { radius: 0.9, of: start } })
const planeExits: readonly (Escape | typeof fromStart)[] = [
  'x >= 0',
  { left: 'x <= -1.8', right: 'x >= 0.2' },
  'x + y >= 1.2',
  fromStart,
  'x^2 + y^2 >= 4',
  null,
]
const additive = new Array<string>(7).fill('additive')

/** A spec of one or two dimensions, the same for the same index. Some of them have no exact answer. */
export function drawnSpec(index: number): object {
  const random = generator(1000 + index)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const between = (low: number, high: number) => Number((low * (high / low) ** random()).toPrecision(3))
  const isPlane = index % 5 >= 3
  const { loss, start } = pick(isPlane ? planes : lines)
  const eta = between(0.01, 0.5)
  const sigma = between(0.1, 4)
  const isMomentum = !isPlane && random() < 0.15
  const isSchedule = random() < 0.15
  const exit = isPlane ? pick(planeExits) : pick(lineExits)
  const escape = typeof exit === 'function' ? exit(start) : exit
  const isSpread = !isPlane && random() < 0.15
  const [at] = start as readonly [number]
  return {
    version: 1,
    name: 'random',
    landscape: { formula: { variables: isPlane ? ['x', 'y'] : ['x'], expression: loss } },
    start: isSpread ? { uniform: { low: at - 0.1, high: at + 0.1 } } : start,
    update: {
      rule: isMomentum ? 'momentum' : 'gradient',
      ...(isMomentum ? { beta: pick([0.5, 0.9]) } : {}),
      eta,
      drift: {
        form: pick([...additive, 'multiplicative']),
        law: pick<(typeof laws)[number]>(laws),
        sigma: isSchedule ? { power: { initial: sigma, offset: 10, exponent: 0.5 } } : sigma,
      },
    },
    trial: {
      steps: pick([1, 5, 50, 500, 4000]),
      ...(escape === null ? { converge: { gradient: 0.01 } } : { escape }),
    },
    trials: 1,
  }
}
