import { ackley, quadratic, rastrigin, rosenbrock, styblinskiTang } from './any-dimension.ts'
import { doubleWell, tiltedDoubleWell } from './one-dimensional.ts'
import type { Preset } from './preset.ts'
import { banana, himmelblau, muellerBrown, sixHumpCamel, threeHole } from './two-dimensional.ts'

export const presets: readonly Preset[] = [
  doubleWell,
  tiltedDoubleWell,
  quadratic,
  banana,
  threeHole,
  muellerBrown,
  himmelblau,
  sixHumpCamel,
  rosenbrock,
  rastrigin,
  ackley,
  styblinskiTang,
]

export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name)
}
