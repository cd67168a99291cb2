import type { Grid } from '../axes/grid.ts'
import type { Cell, Method, Start, Trial, Update } from '../cell.ts'
import type { Source } from '../document/source.ts'
import { placed } from '../document/source.ts'
import { idOfText, kernelOf } from '../identity.ts'
import { checkDemand, checkMethod } from '../resolve/check-demand.ts'
import { type ResolvedLandscape, resolveLandscape } from '../resolve/landscape.ts'
import type { Library } from '../resolve/library.ts'
import { resolveMethod } from '../resolve/method.ts'
import type { MethodInput } from '../resolve/method-input.ts'
import { resolveSeed } from '../resolve/seed.ts'
import { resolveStart } from '../resolve/start.ts'
import { resolveTrial } from '../resolve/trial.ts'
import { resolveUpdate } from '../resolve/update.ts'
import type { Demand, ResolvedCell } from '../sweep.ts'
import { Point } from './point.ts'
import { type Section, SectionMaker } from './section.ts'

interface Parts {
  readonly landscape: Section<ResolvedLandscape>
  readonly start: Section<Start>
  readonly update: Section<Update>
  readonly trial: Section<Trial>
  readonly method: Section<Method>
  readonly seed: string
  readonly streams: Cell['streams']
}

/** Makes the cells of a grid one at a time. Nothing is kept but the parts of the last one. */
export class Cells {
  readonly #grid: Grid
  readonly #base: Source
  readonly #demand: Demand
  readonly #landscape: SectionMaker<ResolvedLandscape, null>
  readonly #start: SectionMaker<Start, ResolvedLandscape>
  readonly #update: SectionMaker<Update, ResolvedLandscape>
  readonly #trial: SectionMaker<Trial, ResolvedLandscape>
  readonly #sweptRoots: ReadonlySet<string>
  readonly #method: SectionMaker<Method, MethodInput>
  #checked: Trial | null = null
  #methodInput: MethodInput | null = null

  constructor(grid: Grid, base: Source, demand: Demand, library: Library) {
    this.#grid = grid
    this.#base = base
    this.#demand = demand
    this.#landscape = new SectionMaker('landscape', grid, library, resolveLandscape, ({ landscape }) => landscape)
    this.#start = new SectionMaker('start', grid, library, resolveStart)
    this.#update = new SectionMaker('update', grid, library, resolveUpdate)
    this.#trial = new SectionMaker('trial', grid, library, resolveTrial)
    this.#method = new SectionMaker('method', grid, library, resolveMethod)
    this.#sweptRoots = new Set(grid.columns.map(({ path }) => String(path[0])))
  }

  point(gridIndex: number): Point {
    return new Point(this.#grid, this.#base, this.#grid.digits(gridIndex))
  }

  /** Throws the error of the cell at this point, if it has one; hashes nothing. */
  check(point: Point): void {
    this.#parts(point)
  }

  cell(point: Point, index: number): ResolvedCell {
    const { landscape, start, update, trial, method, seed, streams } = this.#parts(point)
    const kernel = kernelOf(trial.value)
    const cell: Cell = Object.freeze({
      kernel,
      landscape: landscape.value.landscape,
      start: start.value,
      update: update.value,
      trial: trial.value,
      seed,
      streams,
      method: method.value,
    })
    // Keys in order: this is canonicalJson(cell), put together from the parts.
    const canonical = `{"kernel":${kernel},"landscape":${landscape.canonical},"method":${method.canonical},"seed":"${seed}","start":${start.canonical},"streams":"${streams}","trial":${trial.canonical},"update":${update.canonical}}`
    const params = Object.freeze(point.params())
    return Object.freeze({ index, id: idOfText(canonical), params, cell, data: landscape.value.data, canonical })
  }

  #parts(point: Point): Parts {
    return placed(
      () => point.source(),
      () => {
        const landscape = this.#landscape.at(point, null)
        const start = this.#start.at(point, landscape.value)
        const update = this.#update.at(point, landscape.value)
        const trial = this.#trial.at(point, landscape.value)
        if (trial.value !== this.#checked) checkDemand(this.#demand, trial.value)
        this.#checked = trial.value
        const method = this.#method.at(point, this.#inputOf(landscape.value, trial.value, update.value))
        checkMethod(this.#demand, method.value, trial.value)
        return { landscape, start, update, trial, method, ...this.#whole(point) }
      },
    )
  }

  /** The same object as long as its parts are. */
  #inputOf(resolved: ResolvedLandscape, trial: Trial, update: Update): MethodInput {
    const known = this.#methodInput
    if (known !== null && known.resolved === resolved && known.trial === trial && known.update === update) return known
    this.#methodInput = { resolved, trial, update }
    return this.#methodInput
  }

  /** What stands at the top of a document. */
  #whole(point: Point): { seed: string; streams: Cell['streams'] } {
    const swept = this.#sweptRoots.has('seed') || this.#sweptRoots.has('streams')
    const document = swept ? point.document : this.#first
    return { seed: resolveSeed(document.seed, ['seed']), streams: document.streams ?? 'independent' }
  }

  get #first(): Point['document'] {
    return this.#base.value as Point['document']
  }
}
