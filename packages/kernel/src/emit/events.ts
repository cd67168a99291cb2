import type { Trial } from '@driftfarm/spec'
import { type Model, partialName, referencePoint } from '../model/model.ts'
import { type Code, type Local, vector } from './code/code.ts'
import type { Reading } from './numbers.ts'
import type { Scope } from './scope.ts'
import type { Coordinate, Place, Space } from './space.ts'
import { Writer } from './writer.ts'

/** What is known of the state besides theta. */
interface KnownState {
  /** The local that holds the step as a double. */
  readonly step: Local
  /** Where each lane stores the theta_0 of its trial; null if theta_0 is a fixed point of the cell. */
  readonly reference: Place | null
  /** The local that holds the loss at the end of the quench. */
  readonly quenchLoss?: Local
}

/**
 * The quantities of event expressions, and the events as masks, at the state of one vector of lanes. Each is emitted
 * when first used and shared afterwards.
 */
export class Events {
  readonly writer: Writer
  private readonly quantities = new Map<string, Code>()
  private readonly partials = new Map<string, Code>()

  constructor(
    private readonly scope: Scope,
    private readonly model: Model,
    readonly space: Space,
    private readonly known: KnownState,
  ) {
    this.writer = new Writer(scope, {
      name: (name) => this.meaningOf(name),
      element: (index) => space.meaning.element(index),
    })
  }

  /** Registers the locals of the gradient at this state. */
  know(gradient: readonly Code[]): void {
    for (const [i, local] of gradient.entries()) this.partials.set(partialName(i), local)
  }

  private meaningOf(name: string): Code | null {
    const index = this.model.variables.get(name)
    if (index !== undefined) return this.space.meaning.coordinate(index)
    switch (name) {
      case 'loss':
        return this.loss()
      case 'gradnorm':
        return this.quantity(name, () => vector`f64x2.sqrt(${this.gradientSquared()})`)
      case 'distance':
        return this.distance()
      case 'step':
        return this.known.step
      case 'quenchloss':
        return this.known.quenchLoss ?? null
      default:
        return this.partials.get(name) ?? null
    }
  }

  private quantity(key: string, value: () => Code): Code {
    const known = this.quantities.get(key)
    if (known !== undefined) return known
    const local = this.writer.atBody(() => this.writer.local(value()))
    this.quantities.set(key, local)
    return local
  }

  loss(): Code {
    return this.space.loss(this.writer)
  }

  gradientSquared(): Code {
    return this.quantity('gradient squared', () => {
      this.space.gradient(this.writer)
      return this.space.gradientSquared(this.writer)
    })
  }

  distance(): Code {
    const { reference } = this.known
    const square = () =>
      reference === null
        ? this.squareTo('start', referencePoint)
        : this.square('start', ({ other }) => other(reference))
    return this.quantity('distance', () => vector`f64x2.sqrt(${square()})`)
  }

  /** Squared distance to a point among the numbers. */
  private squareTo(key: string, read: Reading): Code {
    const place = this.scope.numbers.array(key, read)
    return this.square(key, ({ point }) => point(place))
  }

  private square(key: string, to: (coordinate: Coordinate) => Code): Code {
    return this.quantity(`square to ${key}`, () =>
      this.space.sum(this.writer, (coordinate) => {
        const difference = this.writer.local(vector`f64x2.sub(${coordinate.value}, ${to(coordinate)})`)
        return this.writer.local(vector`f64x2.mul(${difference}, ${difference})`)
      }),
    )
  }

  /** Mask of |theta - point| <= radius, compared as squares. */
  private within(key: string, point: Reading, radius: Code): Code {
    const square = this.squareTo(key, point)
    return this.writer.local(vector`f64x2.le(${square}, ${radius})`)
  }

  private named(key: string, read: (trial: Trial) => number): Code {
    return this.writer.named(key, ({ cell }) => read(cell.trial))
  }

  finite(): Code {
    return this.space.all(this.writer, ({ value }) =>
      this.writer.local(vector`f64x2.lt(f64x2.abs(${value}), f64x2.splat(Infinity))`),
    )
  }

  /** Mask of the lanes in which no coordinate is NaN or beyond the divergence limit. */
  bounded(): Code {
    const limit = this.named('divergence', ({ divergence }) => divergence)
    return this.space.all(this.writer, ({ value }) =>
      this.writer.local(vector`f64x2.le(f64x2.abs(${value}), ${limit})`),
    )
  }

  /** One mask for each exit; none for the basin, which is not tested in every step. */
  exits(): readonly Code[] {
    const event = this.model.cell.trial.escape
    if (event?.kind !== 'outside') return this.model.exits.map((when) => this.writer.mask(when))
    const square = this.squareTo('outside', ({ cell }) => outside(cell.trial).of)
    const radius = this.named('outside radius squared', (trial) => squared(outside(trial).radius))
    return [this.writer.local(vector`f64x2.ge(${square}, ${radius})`)]
  }

  marks(): readonly Code[] {
    return this.model.marks.map((when) => this.writer.mask(when))
  }

  classes(): readonly Code[] {
    return this.model.classes.map((when) => this.writer.mask(when))
  }

  /** The score of splitting. */
  score(): Code {
    return this.writer.value(this.model.score!)
  }

  /** One mask for each centre of convergence. */
  centres(): readonly Code[] {
    const { converge } = this.model.cell.trial
    if (converge?.kind !== 'within') return []
    const radius = this.named('converge radius squared', (trial) => squared(within(trial).radius))
    return converge.of.map((_, index) =>
      this.within(`centre ${index}`, ({ cell }) => within(cell.trial).of[index]![1], radius),
    )
  }

  minima(): readonly Code[] {
    const { minima } = this.model.cell.trial
    if (minima.length === 0) return []
    const radius = this.named('settled radius squared', ({ settledRadius }) => squared(settledRadius))
    return minima.map((_, index) => this.within(`minimum ${index}`, ({ cell }) => cell.trial.minima[index]![1], radius))
  }

  /** The condition that must hold for convergence; null without one. */
  convergeCondition(): Code | null {
    const { converge } = this.model.cell.trial
    switch (converge?.kind) {
      case undefined:
        return null
      case 'within':
        return this.centres().reduce((any, next) => this.writer.local(vector`v128.or(${any}, ${next})`))
      case 'gradient': {
        const limit = this.named('converge tolerance squared', (trial) => squared(smallGradient(trial).tolerance))
        return this.writer.local(vector`f64x2.le(${this.gradientSquared()}, ${limit})`)
      }
      case 'when':
        return this.writer.mask(this.model.convergeWhen!)
    }
  }

  holdLimit(): Code {
    return this.named('hold', ({ converge }) => converge?.hold ?? 0)
  }
}

/*
 * The events of a trial that are known to be of a kind, as they are in all cells of a structure.
 */

function outside({ escape }: Trial) {
  return escape as Extract<Trial['escape'], { kind: 'outside' }>
}

function within({ converge }: Trial) {
  return converge as Extract<Trial['converge'], { kind: 'within' }>
}

function smallGradient({ converge }: Trial) {
  return converge as Extract<Trial['converge'], { kind: 'gradient' }>
}

function squared(x: number): number {
  return x * x
}
