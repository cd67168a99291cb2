import type { Grid } from '../axes/grid.ts'
import type { Cell, Method, Start, Trial, Update } from '../cell.ts'
import { checkDemand, checkMethod } from '../demand/checkDemand.ts'
import { placed, type Source } from '../document/source.ts'
import { type Mapping, own } from '../document/value.ts'
import { Frame } from '../field/frame.ts'
import { Scope } from '../field/scope.ts'
import { resolveSeed } from '../field/seed.ts'
import type { SharedResources } from '../field/sharedResources.ts'
import { kernelVersionOf } from '../identity.ts'
import { landscapeOf, outlineOf } from '../landscape/landscape.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { resolveMethod } from '../method/method.ts'
import { type MethodInput, WatchedInput } from '../method/methodInput.ts'
import { collectParts, type Mistakes, once, reported, validOrMistakes, validOrNull } from '../mistakes.ts'
import type { SpecDocument } from '../schema/spec.ts'
import type { Demand, ResolvedCell } from '../sweep.ts'
import { checkDriftActs } from '../trial/horizon.ts'
import { resolveStart } from '../trial/start.ts'
import { resolveTrial } from '../trial/trial.ts'
import { resolveUpdate } from '../update/update.ts'
import { ChainedHash } from './chainedHash.ts'
import { Point, type Repair } from './point.ts'
import { type Section, SectionMaker, UpdateMaker } from './section.ts'

interface Parts {
  readonly landscape: Section<ResolvedLandscape>
  readonly start: Section<Start>
  readonly update: Section<Update>
  readonly trial: Section<Trial>
  readonly method: Section<Method>
  readonly whole: Whole
}

/** Values from the top level of the document. */
interface Whole {
  readonly seed: string
  readonly streams: Cell['streams']
}

interface Sections {
  readonly landscape: () => Section<ResolvedLandscape>
  readonly start: () => Section<Start>
  readonly update: () => Section<Update>
  readonly trial: () => Section<Trial>
}

interface CellsOptions {
  readonly grid: Grid
  readonly base: Source
  /** The document with its axes, used to find the path of an invalid stopping rule. */
  readonly written: Mapping
  /** Null if the request itself has mistakes. */
  readonly demand: Demand | null
  readonly library: SharedResources
  /** Not null if the shape of the document has mistakes. */
  readonly repair: Repair | null
}

/**
 * Makes the cells of a grid one at a time. Caches the sections of the last cell and, up to a limit, the parts of
 * updates.
 */
export class Cells {
  /** What the cells made so far have read from the document: `let.NAME`, `parameter.NAME` and the like. */
  readonly reads = new Set<string>()
  readonly #grid: Grid
  readonly #base: Source
  readonly #library: SharedResources
  readonly #written: Mapping
  readonly #demand: Demand | null
  readonly #repair: Repair | null
  readonly #landscape: SectionMaker<ResolvedLandscape, null>
  readonly #start: SectionMaker<Start, ResolvedLandscape>
  readonly #soundUpdate: UpdateMaker
  /** Finds all mistakes of an update. Used if the document may have mistakes. */
  readonly #update: SectionMaker<Update, ResolvedLandscape>
  readonly #trial: SectionMaker<Trial, ResolvedLandscape>
  readonly #method: SectionMaker<Method, MethodInput>
  #checked: Trial | null = null
  /** The mistakes that `checkDemand` found in the request for the trial `#checked`; null if it found none. */
  #refusal: Mistakes | null = null
  #methodInput: WatchedInput | null = null
  readonly #ids = new ChainedHash()
  /** Always null if an axis sweeps `seed` or `streams`, or if the document is repaired. */
  #shared: Whole | null = null
  readonly #isWholeSwept: boolean
  #outline: { readonly error: unknown; readonly resolved: ResolvedLandscape } | null = null

  constructor({ grid, base, written, demand, library, repair }: CellsOptions) {
    this.#grid = grid
    this.#base = base
    this.#library = library
    this.#written = written
    this.#demand = demand
    this.#repair = repair
    const shared = { grid, library, reads: this.reads }
    const part = ({ landscape }: ResolvedLandscape) => landscape
    this.#landscape = new SectionMaker({ root: 'landscape' }, shared, landscapeOf, { part })
    this.#start = new SectionMaker({ root: 'start' }, shared, resolveStart)
    this.#soundUpdate = new UpdateMaker(shared)
    this.#update = new SectionMaker({ root: 'update' }, shared, resolveUpdate)
    this.#trial = new SectionMaker({ root: 'trial' }, shared, resolveTrial)
    this.#method = new SectionMaker({ root: 'method' }, shared, resolveMethod)
    this.#isWholeSwept = grid.columns.some(({ path }) => path[0] === 'seed' || path[0] === 'streams')
  }

  point(gridIndex: number): Point {
    return new Point(this.#grid, this.#base, this.#grid.digits(gridIndex), this.#repair)
  }

  /** Throws the mistakes of the cell at this point, without computing an id. */
  check(point: Point): void {
    this.#parts(point)
  }

  /**
   * `known` is the id of the cell if the id has already been computed; else null. Throws a SpecError if the cell has
   * mistakes that were not found before.
   */
  cell(point: Point, index: number, known: string | null = null): ResolvedCell {
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
    // The pieces of canonicalJson(cell), with the keys in order.
    const pieces = [
      `{"kernel":${kernel},"landscape":`,
      landscape.canonical,
      ',"method":',
      method.canonical,
      ',"seed":"',
      seed,
      '","start":',
      start.canonical,
      `,"streams":"${streams}","trial":`,
      trial.canonical,
      ',"update":',
      update.canonical,
      '}',
    ]
    const { id, text: canonical } = known === null ? this.#ids.of(pieces) : { id: known, text: pieces.join('') }
    const params = Object.freeze(point.params())
    return Object.freeze({ index, id, params, cell, data: landscape.value.data, canonical })
  }

  #parts(point: Point): Parts {
    // Nearly every cell is free of mistakes. The first attempt therefore ends at the first mistake, and only a second
    // attempt collects all mistakes.
    const parts = validOrNull(() => this.#soundParts(point))
    if (parts !== null) return parts
    return placed(
      () => point.source(),
      () => {
        const sections = this.#sections(point)
        return collectParts<Parts>({
          ...sections,
          method: () => {
            const update = validOrNull(() => sections.update().value)
            const trial = validOrNull(() => sections.trial().value)
            if (update !== null && trial !== null) checkDriftActs(update, trial, isListOfDrifts(point))
            return this.#methodAt(point, sections)
          },
          whole: () => this.#whole(point),
        })
      },
    )
  }

  /** Throws only the first mistake. */
  #soundParts(point: Point): Parts {
    const landscape = this.#landscape.at(point, null)
    const start = this.#start.at(point, landscape.value)
    // A repair marks values of a wrong shape as broken, and may mark a value because of a key in another part of the
    // update. `UpdateMaker` compares only the keys of one part before it reuses a cached part, so this part could be
    // outdated. `#update` caches no parts: it makes the update as a whole.
    const update = (this.#repair === null ? this.#soundUpdate : this.#update).at(point, landscape.value)
    const trial = this.#trialAt(point, landscape.value)
    checkDriftActs(update.value, trial.value, isListOfDrifts(point))
    const method = this.#method.at(point, this.#inputOf(landscape.value, trial.value, update.value))
    if (this.#demand !== null) checkMethod(this.#demand, method.value, trial.value)
    return { landscape, start, update, trial, method, whole: this.#whole(point) }
  }

  #trialAt(point: Point, resolved: ResolvedLandscape): Section<Trial> {
    const trial = this.#trial.at(point, resolved)
    if (trial.value !== this.#checked) {
      this.#refusal = validOrMistakes(() => this.#demand && checkDemand(this.#demand, trial.value, this.#written))
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
    const input = validOrNull(() => this.#inputOf(landscape().value, trial().value, update().value))
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

  /** Returns the previous input if no part that the method read has changed, so the cached method is used again. */
  #inputOf(resolved: ResolvedLandscape, trial: Trial, update: Update): MethodInput {
    const parts = { resolved, trial, update }
    if (this.#methodInput?.takes(parts)) return this.#methodInput
    this.#methodInput = new WatchedInput(parts)
    return this.#methodInput
  }

  #whole(point: Point): Whole {
    if (this.#isWholeSwept || this.#repair !== null) return wholeOf(point.document)
    this.#shared ??= wholeOf(this.#base.value as SpecDocument)
    return this.#shared
  }
}

const isListOfDrifts = ({ document }: Point): boolean => Array.isArray(own(document.update, 'drift'))

function wholeOf(document: SpecDocument): Whole {
  const root = new Frame(document)
  return collectParts<Whole>({
    seed: () => resolveSeed(root.get('seed'), ['seed']),
    streams: () => (root.get('streams') as Cell['streams'] | undefined) ?? 'independent',
  })
}
