export interface Chosen {
  readonly preset: string
  readonly eta: number
  readonly sigma: number
  readonly steps: number
  readonly seed: number
}

export interface Preset extends Pick<Chosen, 'eta' | 'sigma' | 'steps'> {
  readonly name: string
  readonly start: string
  readonly escape: string
}

/** With these settings, some trials escape and some stay. */
export const presets: readonly Preset[] = [
  { name: 'double-well', start: 'left', escape: 'x >= 0', eta: 0.1, sigma: 1.25, steps: 200 },
  { name: 'tilted-double-well', start: 'left', escape: 'x >= 0', eta: 0.1, sigma: 1.2, steps: 200 },
  { name: 'quadratic', start: 'origin', escape: 'abs(x[1]) >= 1', eta: 0.1, sigma: 1.5, steps: 200 },
  { name: 'banana', start: 'left', escape: 'x >= 0', eta: 0.1, sigma: 1, steps: 200 },
  { name: 'three-hole', start: 'left', escape: 'x >= 0', eta: 0.02, sigma: 7, steps: 500 },
  { name: 'mueller-brown', start: 'left', escape: 'y <= 0.7', eta: 0.0002, sigma: 500, steps: 500 },
  { name: 'himmelblau', start: 'northeast', escape: '(x - 3)^2 + (y - 2)^2 >= 9', eta: 0.002, sigma: 200, steps: 500 },
  {
    name: 'six-hump-camel',
    start: 'lower',
    escape: '(x - 0.09)^2 + (y + 0.71)^2 >= 0.7',
    eta: 0.01,
    sigma: 9,
    steps: 200,
  },
  { name: 'rosenbrock', start: 'global', escape: 'x[1] <= 0', eta: 0.0005, sigma: 40, steps: 1000 },
  { name: 'rastrigin', start: 'origin', escape: 'x[1]^2 + x[2]^2 >= 0.5', eta: 0.001, sigma: 120, steps: 200 },
  { name: 'ackley', start: 'origin', escape: 'x[1]^2 + x[2]^2 >= 0.5', eta: 0.005, sigma: 25, steps: 200 },
  { name: 'styblinski-tang', start: 'global', escape: 'x[1] >= 0', eta: 0.01, sigma: 45, steps: 200 },
]

export const presetNamed = (name: string): Preset => presets.find((preset) => preset.name === name) ?? presets[0]!

export function beginningOf(name: string, seed: number): Chosen {
  const { eta, sigma, steps } = presetNamed(name)
  return { preset: name, eta, sigma, steps, seed }
}

export interface Range {
  readonly least: number
  readonly most: number
}

/** The ranges leave out step sizes at which every trial diverges. */
export function rangesOf(name: string): Readonly<Record<'eta' | 'sigma' | 'steps', Range>> {
  const { eta, sigma, steps } = presetNamed(name)
  const around = (value: number, down: number, up: number): Range => ({ least: value / down, most: value * up })
  return { eta: around(eta, 10, 4), sigma: around(sigma, 10, 5), steps: around(steps, 10, 10) }
}

/** With 10,000 trials, a confidence interval is at most 0.02 wide, and the computation takes only a second or two. */
export const trialsPlayed = 10_000

/** A farm that runs this spec computes the same trials as the playground, bit for bit. */
export function specOf({ preset, eta, sigma, steps, seed }: Chosen): string {
  const { start, escape } = presetNamed(preset)
  return `version: 1
name: play
seed: ${seed}
landscape: { preset: ${preset} }
start: { minimum: ${start} }
update: { eta: ${eta}, drift: { sigma: ${sigma} } }
trial: { steps: ${steps}, escape: '${escape}' }
trials: ${trialsPlayed}
`
}
