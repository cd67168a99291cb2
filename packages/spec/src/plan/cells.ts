import type { Grid } from '../axes/grid.ts'
import type { Cell, Method, Start, Trial, Update } from '../cell.ts'
import type { Source } from '../document/source.ts'
import { placed } from '../document/source.ts'
import { idOfText, kernelVersionOf } from '../identity.ts'
import { type Mistakes, reported, soundOrMistakes, soundOrNull, together } from '../mistakes.ts'
import { once } from '../once.ts'
import { checkDemand, checkMethod } from '../resolve/checkDemand.ts'
import { Frame } from '../resolve/frame.ts'
import { resolveLandscape } from '../resolve/landscape.ts'
import type { Library } from '../resolve/library.ts'
import { resolveMethod } from '../resolve/method.ts'
import type { MethodInput } from '../resolve/methodInput.ts'
import { outlineOf } from '../resolve/outline.ts'
import type { ResolvedLandscape } from '../resolve/resolvedLandscape.ts'
import { Scope } from '../resolve/scope.ts'
import { resolveSeed } from '../resolve/seed.ts'
import { resolveStart } from '../resolve/start.ts'
import { resolveTrial } from '../resolve/trial.ts'
import { resolveUpdate } from '../resolve/update.ts'
import type { Demand, ResolvedCell } from '../sweep.ts'
import { Point, type Repair } from './point.ts'
import { type Section, SectionMaker } from './section.ts'

interface Parts {
  readonly landscape: Section<ResolvedLandscape>
  readonly start: Section<Start>
  readonly update: Section<Update>
  readonly trial: Section<Trial>
  readonly method: Section<Method>
  readonly whole: { readonly seed: string; readonly streams: Cell['streams'] }
}

/** Each section is made when it is asked for. */
interface Sections {
  readonly landscape: () => Section<ResolvedLandscape>
  readonly start: () => Section<Start>
  readonly update: () => Section<Update>
  readonly trial: () => Section<Trial>
}

interface CellsOptions {
  readonly grid: Grid
  readonly base: Source
  /** Null where the demand itself has mistakes. */
  readonly demand: Demand | null
  readonly library: Library
  /** Given where the document's shape has mistakes. */
  readonly repair: Repair | null
}

/** Makes the cells of a grid one at a time. Only the sections of the last cell are kept. */
export class Cells {
  /** Everything that the cells made so far have read: `let.NAME`, `parameter.NAME` and the like. */
  readonly reads = new Set<string>()
  readonly #grid: Grid
  readonly #base: Source
  readonly #library: Library
  readonly #demand: Demand | null
  readonly #repair: Repair | null
  readonly #landscape: SectionMaker<ResolvedLandscape, null>
  readonly #start: SectionMaker<Start, ResolvedLandscape>
  readonly #update: SectionMaker<Update, ResolvedLandscape>
  readonly #trial: SectionMaker<Trial, ResolvedLandscape>
  readonly #sweptRoots: ReadonlySet<string>
  readonly #method: SectionMaker<Method, MethodInput>
  #checked: Trial | null = null
  /** The mistakes of the demand with the last trial. */
  #refusal: Mistakes | null = null
  #methodInput: MethodInput | null = null
  #outline: { readonly error: unknown; readonly resolved: ResolvedLandscape } | null = null

  constructor({ grid, base, demand, library, repair }: CellsOptions) {
    this.#grid = grid
    this.#base = base
    this.#library = library
    this.#demand = demand
    this.#repair = repair
    const shared = { grid, library, reads: this.reads }
    this.#landscape = new SectionMaker('landscape', shared, resolveLandscape, ({ landscape }) => landscape)
    this.#start = new SectionMaker('start', shared, resolveStart)
    this.#update = new SectionMaker('update', shared, resolveUpdate)
    this.#trial = new SectionMaker('trial', shared, resolveTrial)
    this.#method = new SectionMaker('method', shared, resolveMethod)
    this.#sweptRoots = new Set(grid.columns.map(({ path }) => String(path[0])))
  }

  point(gridIndex: number): Point {
    return new Point(this.#grid, this.#base, this.#grid.digits(gridIndex), this.#repair)
  }

  /** Throws the mistakes of the cell at this point, if it has any, without computing its id. */
  check(point: Point): void {
    this.#parts(point)
  }

  /** The cell at this point. Throws a SpecError where the cell has mistakes that were not found before. */
  cell(point: Point, index: number): ResolvedCell {
    const { landscape, start, update, trial, method, whole } = reported(() => this.#parts(point))
    const { seed, streams } = whole
    const kernel = kernelVersionOf(trial.value)
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
    // Equal to canonicalJson(cell), assembled from the sections with the keys in order.
    const canonical =
      `{"kernel":${kernel},"landscape":${landscape.canonical},"method":${method.canonical},"seed":"${seed}",` +
      `"start":${start.canonical},"streams":"${streams}","trial":${trial.canonical},"update":${update.canonical}}`
    const params = Object.freeze(point.params())
    return Object.freeze({ index, id: idOfText(canonical), params, cell, data: landscape.value.data, canonical })
  }

  #parts(point: Point): Parts {
    // Nearly every cell is free of mistakes: collecting them all is left to the second attempt.
    const parts = soundOrNull(() => this.#soundParts(point))
    if (parts !== null) return parts
    return placed(
      () => point.source(),
      () => {
        const sections = this.#sections(point)
        return together<Parts>({
          ...sections,
          method: () => this.#methodAt(point, sections),
          whole: () => this.#whole(point),
        })
      },
    )
  }

  /** Makes all sections; throws only the first mistake. */
  #soundParts(point: Point): Parts {
    const landscape = this.#landscape.at(point, null)
    const start = this.#start.at(point, landscape.value)
    const update = this.#update.at(point, landscape.value)
    const trial = this.#trialAt(point, landscape.value)
    const method = this.#method.at(point, this.#inputOf(landscape.value, trial.value, update.value))
    if (this.#demand !== null) checkMethod(this.#demand, method.value, trial.value)
    return { landscape, start, update, trial, method, whole: this.#whole(point) }
  }

  #trialAt(point: Point, resolved: ResolvedLandscape): Section<Trial> {
    const trial = this.#trial.at(point, resolved)
    if (trial.value !== this.#checked) {
      this.#refusal = soundOrMistakes(
        () => this.#demand && checkDemand(this.#demand, trial.value, point.document.until),
      )
      this.#checked = trial.value
    }
    if (this.#refusal !== null) throw this.#refusal
    return trial
  }

  #sections(point: Point): Sections {
    const landscape = once(() => this.#landscape.at(point, null))
    const resolved = once(() => this.#resolvedAt(point, landscape))
    return {
      landscape,
      start: () => this.#start.at(point, resolved()),
      update: once(() => this.#update.at(point, resolved())),
      trial: once(() => this.#trialAt(point, resolved())),
    }
  }

  /** The landscape or, where it has mistakes, an outline of what can still be said of it. */
  #resolvedAt(point: Point, landscape: () => Section<ResolvedLandscape>): ResolvedLandscape {
    try {
      return landscape().value
    } catch (error) {
      if (this.#outline?.error !== error)
        this.#outline = { error, resolved: outlineOf(new Scope(point.document, this.#library)) }
      return this.#outline!.resolved
    }
  }

  #methodAt(point: Point, { landscape, trial, update }: Sections): Section<Method> {
    const input = soundOrNull(() => this.#inputOf(landscape().value, trial().value, update().value))
    const method = this.#method.at(
      point,
      input ?? {
        get resolved() {
          return landscape().value
        },
        get trial() {
          return trial().value
        },
        get update() {
          return update().value
        },
      },
    )
    if (this.#demand !== null) checkMethod(this.#demand, method.value, trial().value)
    return method
  }

  /** Returns the same object as long as its three parts are the same, so that the method is not made again. */
  #inputOf(resolved: ResolvedLandscape, trial: Trial, update: Update): MethodInput {
    const known = this.#methodInput
    if (known !== null && known.resolved === resolved && known.trial === trial && known.update === update) return known
    this.#methodInput = { resolved, trial, update }
    return this.#methodInput
  }

  /** The values at the top of a document that belong to the cell. */
  #whole(point: Point): { seed: string; streams: Cell['streams'] } {
    const swept = this.#sweptRoots.has('seed') || this.#sweptRoots.has('streams')
    const document = swept || this.#repair !== null ? point.document : this.#first
    const root = new Frame(document)
    return together({
      seed: () => resolveSeed(root.get('seed'), ['seed']),
      streams: () => (root.get('streams') as Cell['streams'] | undefined) ?? 'independent',
    })
  }

  get #first(): Point['document'] {
    return this.#base.value as Point['document']
  }
}
