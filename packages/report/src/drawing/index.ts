// Drawing needs libraries that most commands do not use. In Node, this module is loaded only to draw something.
export { headlessDocument } from '../figures/draw/headless.ts'
export { svgOf } from '../figures/draw/svg.ts'
