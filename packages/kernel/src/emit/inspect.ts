import { settlesByGradient } from '@driftfarm/spec'
import type { Model } from '../model/model.ts'
import type { ShapePlaces } from '../run/memory.ts'
import { descentPlaces, vectorPlaces } from '../run/memory.ts'
import { Events } from './events.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace, referencePlace } from './space.ts'

/** A function over the state in memory of the vector at `base`. */
function lookFunction(
  name: string,
  model: Model,
  places: ShapePlaces,
  numbers: Numbers,
  look: (events: (theta: Look) => Events) => readonly Events[],
): string[] {
  const scope = new Scope(numbers, model.parameters)
  const loads: string[] = []
  const reference = referencePlace(model, 'base', places)
  const eventsAt = ({ theta, letter, quenchLoss = null }: Look) => {
    const coordinates = Array.from({ length: model.dimension }, (_, i) => `${letter}${i}`)
    const at = { theta: { address: 'base', offset: theta }, gradient: { address: 'base', offset: places.gradient } }
    const space = model.unrolled ? localSpace(model, coordinates) : memorySpace(model, at, scope)
    if (model.unrolled) loads.push(...coordinates.map((x, i) => `const ${x} = v128.load(base, ${theta + 16 * i})`))
    return new Events(scope, model, space, 'step', reference, quenchLoss)
  }
  const lines = look(eventsAt).flatMap(({ writer }) => writer.body.lines)
  return [
    `export function ${name}(base: usize): void {`,
    ...[...scope.prologue.lines, 'const step = v128.load(STEP)', ...loads, ...lines].map((line) => `  ${line}`),
    '}',
    '',
  ]
}

/** Coordinates that are looked at: their offset in the vector, and what their locals begin with. */
interface Look {
  readonly theta: number
  readonly letter: string
  /** Local that holds the loss at the end of the quench. */
  readonly quenchLoss?: string | null
}

/** `inspect(base)`: which events are due, for both lanes. */
export function inspectFunction(model: Model, places: ShapePlaces, numbers: Numbers): string[] {
  return lookFunction('inspect', model, places, numbers, (eventsAt) => {
    const events = eventsAt({ theta: places.theta, letter: 'x' })
    const { writer } = events
    writer.line(`v128.store(FINITE, ${events.finite()})`)
    events.marks().forEach((mark, index) => {
      const armed = `v128.load(base, ${vectorPlaces.markArmed + 16 * index})`
      writer.line(`v128.store(MARK_MASKS, v128.and(${mark}, ${armed}), ${16 * index})`)
    })
    const basin = model.cell.trial.escape?.kind === 'basin'
    const outside = `v128.load(base, ${places.descent + descentPlaces.outside})`
    const exit = firstTrue(events, basin ? [outside] : events.exits(), '0')
    writer.line(`v128.store(EXIT, v128.and(${exit}, v128.load(base, ${vectorPlaces.escapeArmed})))`)
    writer.line(`v128.store(DIVERGED, v128.not(${events.bounded()}))`)
    if (model.score !== null) writer.line(`v128.store(SCORE, ${events.score()})`)
    if (model.cell.trial.converge === null) return [events]
    const held = `f64x2.eq(v128.load(base, ${vectorPlaces.hold}), ${events.holdLimit()})`
    writer.line(`v128.store(CONVERGED, v128.and(${held}, v128.load(base, ${vectorPlaces.convergeArmed})))`)
    writer.line(`v128.store(CENTRE, ${firstTrue(events, events.centres(), '0')})`)
    return [events]
  })
}

/**
 * `finish(base)`: what the record says of the last theta, for both lanes. With a quench its end, at PROBE, says what `quenchloss`
 * is: NaN where it is not finite. Where a trial settled is said here only if no ends are compared for it (`assembly/descent.ts`).
 */
export function finishFunction(model: Model, places: ShapePlaces, numbers: Numbers): string[] {
  return lookFunction('finish', model, places, numbers, (eventsAt) => {
    const quenched = model.cell.trial.quench === null ? null : eventsAt({ theta: places.probe, letter: 'q' })
    const events = eventsAt({ theta: places.theta, letter: 'x', quenchLoss: quenched === null ? null : 'quenched' })
    if (quenched !== null) {
      const loss = `lossOf(base + ${places.probe})`
      const { writer } = quenched
      writer.line(`const quenched = v128.bitselect(${loss}, f64x2.splat(NaN), ${quenched.finite()})`)
    }
    const { writer } = events
    if (model.shifts.length > 0) storeWeight(events, model, places)
    else {
      writer.line(`v128.store(LOSS, ${events.loss()})`)
      writer.line(`v128.store(DISTANCE, ${events.distance()})`)
    }
    writer.line(
      `v128.store(CLASS, ${firstTrue(events, events.classes(), model.classes.length === 0 ? '0' : '0xffff')})`,
    )
    if (quenched === null && !settlesByGradient(model.cell.trial)) storeSettled(events)
    return quenched === null ? [events] : [quenched, events]
  })
}

/** The density of the noise under the original law over that under the mixture. */
function storeWeight({ writer }: Events, { cell }: Model, places: ShapePlaces): void {
  const original = writer.named('original', cell.method.kind === 'tilt' ? cell.method.original : 0)
  const ratio = writer.local(`v128.load(base, ${places.ratio})`)
  const one = writer.literal(1)
  const tilted = writer.local(`f64x2.mul(f64x2.sub(${one}, ${original}), elementary.exp_v(${ratio}))`)
  writer.line(`v128.store(LOSS, f64x2.div(${one}, f64x2.add(${original}, ${tilted})))`)
  writer.line(`v128.store(DISTANCE, ${ratio})`)
}

function storeSettled(events: Events): void {
  events.writer.line(`v128.store(SETTLED, ${firstTrue(events, events.minima(), '0xffff')})`)
}

/** Per lane the 1-based number of the first mask that is set, else `none`. */
function firstTrue({ writer }: Events, masks: readonly string[], none: string): string {
  return masks.reduceRight(
    (later, mask, index) => writer.local(`v128.bitselect(i64x2.splat(${index + 1}), ${later}, ${mask})`),
    `i64x2.splat(${none})`,
  )
}
