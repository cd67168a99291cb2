import { ackley, quadratic, rastrigin, rosenbrock, styblinskiTang } from './anyDimension.ts'
import { doubleWell, tiltedDoubleWell } from './oneDimensional.ts'
import type { Preset } from './preset.ts'
import { banana, himmelblau, muellerBrown, sixHumpCamel, threeHole } from './twoDimensional.ts'

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
