// What draws takes libraries that most commands have no need of: in Node this is loaded where there is something to
// draw.
export { headlessDocument } from '../figures/draw/headless.ts'
export { svgOf } from '../figures/draw/svg.ts'
