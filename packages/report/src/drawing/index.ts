// Drawing needs libraries that most commands do not use. So in Node, this module is loaded only when something is
// drawn.
export { headlessDocument } from '../figures/draw/headless.ts'
export { svgOf } from '../figures/draw/svg.ts'
