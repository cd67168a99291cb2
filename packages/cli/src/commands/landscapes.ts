import { command } from '../command.ts'
import { type OptionsOf, text } from '../options/option.ts'
import { json } from '../options/shared.ts'

const options = { svg: text('<file>', 'draw the landscape into an SVG file'), json }
export type LandscapesOptions = OptionsOf<typeof options>

export const landscapes = command({
  name: 'landscapes',
  arguments: ['[name]'],
  summary: 'list the preset landscapes, or show one with its gradient, minima and a picture',
  options,
  examples: ['landscapes', 'landscapes double-well --svg double-well.svg'],
  kinds: ['LandscapeList', 'Landscape'],
  act: async (...given) => (await import('./landscapes/landscapes.ts')).landscapes(...given),
})
