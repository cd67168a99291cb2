import type { Expression } from '@driftfarm/formula'
import { type QuantityName, quantityOf, sinceMark } from '@driftfarm/spec'
import type { ShapePlaces } from '../memory/shape.ts'
import { type Bounded, boundsOf } from '../model/bounds.ts'
import type { ConditionKind } from '../model/conditions.ts'
import { type Model, partialName } from '../model/model.ts'
import { sinceMarks } from '../model/quantities.ts'
import { startsAtPoint } from '../model/start.ts'
import { type Code, code, type Local, vector } from './code/code.ts'
import { type Index, inMemory, loadAt, type Place, Walk } from './coordinates.ts'
import * as read from './readings.ts'
import type { Scope } from './scope.ts'
import { type Space, writerOver } from './space.ts'
import type { Writer } from './writer.ts'

interface KnownState {
  /** The address of the vector. */
  readonly base: Code
  readonly places: ShapePlaces
  /** The local that holds the step as a double. */
  readonly step: Local
  /** Whether the code is part of a step, which leaves out the conditions with `every`. */
  readonly steps: boolean
  readonly quenchLoss?: Local
  /** The expressions to be evaluated; none if they are not known, so that no score is computed in part. */
  readonly evaluated: readonly Evaluated[]
}

export interface Evaluated {
  readonly when: Expression
  /** Mask of the lanes in which the value matters; null if it matters in all lanes. */
  readonly armed: Code | null
}

/** The offset at which lanes keep theta of the mark that is number `place` among those of `sinceMarks`. */
export function sinceAt(places: ShapePlaces, { dimension }: Model, place: number): number {
  return places.since + 16 * dimension * place
}

/** A condition by its index, and the mask of the lanes in which it holds. */
type Mask = readonly [index: number, mask: Code]

/**
 * For the state of one vector of lanes, emits the quantities that event expressions use, and one mask for each event.
 * The code of a quantity is emitted where the quantity is first used; later uses share its result.
 */
export class Events {
  readonly writer: Writer
  private readonly walk: Walk
  private readonly quantities = new Map<string, Code>()
  private readonly partials = new Map<string, Code>()

  constructor(
    private readonly scope: Scope,
    readonly model: Model,
    readonly space: Space,
    private readonly known: KnownState,
  ) {
    this.writer = writerOver(model, space, scope, (name) => this.meaningOf(name))
    this.walk = new Walk(this.writer, scope, model)
  }

  /** The local that holds the step as a double. */
  get step(): Local {
    return this.known.step
  }

  /** The loss at the end of the quench; null if it is not known where the code runs. */
  get quenchLoss(): Local | null {
    return this.known.quenchLoss ?? null
  }

  /** The loss of the samples of the last step. */
  get batchLoss(): Code {
    return vector`v128.load(${this.known.base}, ${this.known.places.batchLoss})`
  }

  private place(offset: number): Place {
    return { address: this.known.base, offset }
  }

  know(gradient: readonly Code[]): void {
    for (const [i, local] of gradient.entries()) this.partials.set(partialName(i), local)
  }

  private meaningOf(name: string): Code | null {
    const quantity = quantityOf(name)
    return quantity === null ? (this.partials.get(name) ?? null) : emittedQuantities[quantity].code(this, name)
  }

  /** Emits `value` where the quantity `key` is first used. Later uses share its result. */
  quantity(key: string, value: () => Code): Code {
    const known = this.quantities.get(key)
    if (known !== undefined) return known
    const local = this.writer.atBody(() => this.writer.local(value()))
    this.quantities.set(key, local)
    return local
  }

  loss(): Code {
    return this.space.loss(this.writer)
  }

  /**
   * For each lane, a bound: a loss above it, or an accuracy below it, decides all conditions that are to be evaluated.
   * Null if the value itself is needed.
   */
  limitOf(name: Bounded): Code | null {
    const { evaluated } = this.known
    const expressions = evaluated.map(({ when }) => when)
    const bounds = boundsOf(this.model, name, expressions)
    if (bounds === null) return null
    const isLoss = name.endsWith('loss')
    const never = vector`f64x2.splat(${isLoss ? '-Infinity' : 'Infinity'})`
    const widest = (a: Code, b: Code) => this.writer.local(vector`f64x2.${isLoss ? 'pmax' : 'pmin'}(${a}, ${b})`)
    return this.writer.atBody(() =>
      bounds
        .flatMap((own, index) => {
          const { armed } = evaluated[index]!
          return own.map((bound) => {
            const value = this.writer.value(bound)
            return armed === null ? value : vector`v128.bitselect(${value}, ${never}, ${armed})`
          })
        })
        .reduce(widest, never),
    )
  }

  gradientSquared(): Code {
    return this.quantity('gradient squared', () => {
      this.space.gradient(this.writer)
      return this.walk.sumOfSquares((i) => this.space.partial(this.writer, i))
    })
  }

  distance(): Code {
    return this.quantity('distance', () => vector`f64x2.sqrt(${this.square('start', (i) => this.start(i))})`)
  }

  /** `name` is `distance.since.MARK`. */
  distanceSince(name: string): Code {
    const mark = this.model.cell.trial.marks.findIndex(([own]) => own === sinceMark(name))
    const place = this.place(sinceAt(this.known.places, this.model, sinceMarks(this.model).indexOf(mark)))
    const square = () => this.square(name, (i) => this.writer.local(loadAt(place, i)))
    return this.quantity(name, () => vector`f64x2.sqrt(${square()})`)
  }

  /** A coordinate of theta_0. Each lane stores its own, unless all trials of the cell have the same. */
  private start(i: Index): Code {
    if (startsAtPoint(this.model.cell)) return this.walk.number(this.scope.numbers.array('start', read.startNumbers), i)
    return this.writer.local(loadAt(this.place(this.known.places.reference), i))
  }

  /** Stores theta at the address. */
  storePoint(address: Code): void {
    const point = inMemory(this.writer, { address, offset: 0 })
    this.walk.each((i) => point.set(i, this.space.at(i)))
  }

  /** Stores theta_0 at the address. */
  storeStart(address: Code): void {
    const start = inMemory(this.writer, { address, offset: 0 })
    this.walk.each((i) => start.set(i, this.start(i)))
  }

  private squareTo(key: string, point: read.Reading): Code {
    const place = this.scope.numbers.array(key, point)
    return this.square(key, (i) => this.walk.number(place, i))
  }

  private square(key: string, to: (i: Index) => Code): Code {
    return this.quantity(`square to ${key}`, () =>
      this.walk.sumOfSquares((i) => this.writer.local(vector`f64x2.sub(${this.space.at(i)}, ${to(i)})`)),
    )
  }

  /** Mask of the lanes with |theta - point|^2 <= `radiusSquared`. */
  private within(key: string, point: read.Reading, radiusSquared: Code): Code {
    const square = this.squareTo(key, point)
    return this.writer.local(vector`f64x2.le(${square}, ${radiusSquared})`)
  }

  finite(): Code {
    return this.walk.finite((i) => this.space.at(i))
  }

  /** Mask of the lanes in which no coordinate is NaN or beyond the divergence limit. */
  bounded(): Code {
    const limit = this.writer.named('divergence', read.divergence)
    return this.walk.all((i) => this.writer.local(vector`f64x2.le(f64x2.abs(${this.space.at(i)}), ${limit})`))
  }

  /** An escape from the basin is not tested in every step, so it has no mask. */
  exits(): readonly Code[] {
    const event = this.model.cell.trial.escape
    if (event?.kind !== 'outside') return this.masks('exit').map(([, mask]) => mask)
    const square = this.squareTo('outside', read.outsidePoint)
    const radius = this.writer.named('outside radius squared', read.outsideRadiusSquared)
    return [this.writer.local(vector`f64x2.ge(${square}, ${radius})`)]
  }

  marks(): readonly Mask[] {
    return this.masks('mark')
  }

  classes(): readonly Code[] {
    return this.masks('class').map(([, mask]) => mask)
  }

  private masks(kind: ConditionKind): readonly Mask[] {
    return this.model.conditions[kind].flatMap(({ index, when, timed }): Mask[] => {
      if (timed === null) return [[index, this.writer.mask(when)]]
      const { steps, places } = this.known
      return steps ? [] : [[index, this.writer.local(loadAt(this.place(places.timed), timed.place))]]
    })
  }

  score(): Code {
    return this.writer.value(this.model.score!)
  }

  centres(): readonly Code[] {
    const { converge } = this.model.cell.trial
    if (converge?.kind !== 'within') return []
    const radius = this.writer.named('converge radius squared', read.withinRadiusSquared)
    return converge.of.map((_, index) => this.within(`centre ${index}`, read.centrePoint(index), radius))
  }

  minima(): readonly Code[] {
    const { minima } = this.model.cell.trial
    if (minima.length === 0) return []
    const radius = this.writer.named('settled radius squared', read.settledRadiusSquared)
    return minima.map((_, index) => this.within(`minimum ${index}`, read.minimumPoint(index), radius))
  }

  /** Null if there is no condition, or if the code of a step leaves it out. */
  convergeCondition(): Code | null {
    const { converge } = this.model.cell.trial
    switch (converge?.kind) {
      case undefined:
        return null
      case 'within':
        return this.centres().reduce((any, next) => this.writer.local(vector`v128.or(${any}, ${next})`))
      case 'gradient': {
        const limit = this.writer.named('converge tolerance squared', read.toleranceSquared)
        return this.writer.local(vector`f64x2.le(${this.gradientSquared()}, ${limit})`)
      }
      case 'when':
        return this.masks('converge')[0]?.[1] ?? null
    }
  }

  holdLimit(): Code {
    return this.writer.named('hold', read.hold)
  }
}

export interface EmittedQuantity {
  /** What an event in each step makes the step compute. Absent: nothing besides `code`. */
  readonly needs?: 'loss' | 'gradient' | 'step'
  /** Returns null if the quantity is not known where the code runs. */
  code(source: Events, name: string): Code | null
}

/** Calls a function of the landscape or of `assembly/curvature.ts` with the address of theta. */
function curvatureCode(source: Events, called: 'sharpness' | 'traceOf' | 'negativeEigenvalues'): Code {
  return source.quantity(called, () => {
    const point = code`CURVATURE_POINT`
    source.storePoint(point)
    return vector`${called}(${point})`
  })
}

function barrierCode(source: Events, called: 'linearBarrierOf' | 'matchedBarrierOf'): Code {
  return source.quantity(called, () => {
    source.storePoint(code`BARRIER_END`)
    source.storeStart(code`BARRIER_START`)
    return vector`${called}()`
  })
}

const untilFunctions = {
  loss: 'lossUntil',
  accuracy: 'accuracyUntil',
  testloss: 'testLossUntil',
  testaccuracy: 'testAccuracyUntil',
} as const

/** A pass over the samples ends as soon as it decides all conditions, if they only compare the score with a bound. */
function scoreCode(source: Events, name: keyof typeof untilFunctions): Code {
  const limit = source.limitOf(name)
  if (limit !== null) return source.quantity(name, () => source.space.call(source.writer, untilFunctions[name], limit))
  return name === 'loss' ? source.loss() : source.space.score(source.writer, name)
}

export const emittedQuantities: Readonly<Record<QuantityName, EmittedQuantity>> = {
  loss: { needs: 'loss', code: (source) => scoreCode(source, 'loss') },
  gradnorm: {
    needs: 'gradient',
    code: (source) => source.quantity('gradnorm', () => vector`f64x2.sqrt(${source.gradientSquared()})`),
  },
  distance: { code: (source) => source.distance() },
  'distance.since': { code: (source, name) => source.distanceSince(name) },
  sharpness: { code: (source) => curvatureCode(source, 'sharpness') },
  trace: { code: (source) => curvatureCode(source, 'traceOf') },
  index: { code: (source) => curvatureCode(source, 'negativeEigenvalues') },
  linearbarrier: { code: (source) => barrierCode(source, 'linearBarrierOf') },
  matchedbarrier: { code: (source) => barrierCode(source, 'matchedBarrierOf') },
  step: { needs: 'step', code: ({ step }) => step },
  quenchloss: { code: ({ quenchLoss }) => quenchLoss },
  batchloss: { code: ({ batchLoss }) => batchLoss },
  accuracy: { code: (source) => scoreCode(source, 'accuracy') },
  testloss: { code: (source) => scoreCode(source, 'testloss') },
  testaccuracy: { code: (source) => scoreCode(source, 'testaccuracy') },
}
