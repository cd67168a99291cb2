// Drawing needs libraries that most commands do not use, so Node loads this module only to draw.
export { headlessDocument } from './headless.ts'
export type { Frame } from './plot.ts'
export { type Drawing, drawingOf, svgOf } from './svg.ts'
