import { command } from '../command.ts'
import { type OptionsOf, text } from '../options/option.ts'
import { json } from '../options/shared.ts'

const options = { svg: text('<file>', 'draw the landscape into a file'), json }
export type LandscapesOptions = OptionsOf<typeof options>

export const landscapes = command({
  name: 'landscapes',
  arguments: ['[name]'],
  summary: 'the preset landscapes, or one with its gradient, its minima and a picture',
  options,
  examples: ['landscapes', 'landscapes double-well --svg double-well.svg'],
  kinds: ['LandscapeList', 'Landscape'],
  act: async (...given) => (await import('./landscapes/landscapes.ts')).landscapes(...given),
})
