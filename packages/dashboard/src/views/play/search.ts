import * as z from 'zod'
import { beginningOf, type Chosen, presets } from '../../compute/playSpec.ts'
import { oneOf, valid, word } from '../../parts/search.ts'

export const stages = [
  ['all', 'All'],
  ['one', '1 One trial'],
  ['hundred', '2 A hundred trials'],
  ['survival', '3 Ten thousand trials'],
  ['exact', '4 Exact values'],
  ['interval', '5 Interval'],
] as const
export type Stage = (typeof stages)[number][0]

const positive = valid(z.coerce.number().positive().finite())

export const playSearch = z.object({
  landscape: oneOf(presets.map(({ name }) => name)),
  eta: positive,
  sigma: positive,
  steps: valid(z.coerce.number().int().min(1).max(1e6)),
  seed: valid(z.coerce.number().int().min(0).max(999_999_999)),
  /** The text of a spec; then the other settings are not used. */
  spec: word,
  /** The index of a cell of the spec. */
  cell: valid(z.coerce.number().int().min(0)),
  stage: oneOf(stages.map(([name]) => name)),
})
export type PlaySearch = z.infer<typeof playSearch>

export function chosenIn({ landscape = 'double-well', eta, sigma, steps, seed = 1 }: PlaySearch): Chosen {
  const usual = beginningOf(landscape, seed)
  return { ...usual, eta: eta ?? usual.eta, sigma: sigma ?? usual.sigma, steps: steps ?? usual.steps }
}
