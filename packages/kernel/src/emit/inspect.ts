import { settlesByGradient } from '@driftfarm/spec'
import { descentPlaces, vectorPlaces } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, elementary, local, vector } from './code/code.ts'
import { type FunctionCode, functionCode } from './code/function.ts'
import { constant, type Statement } from './code/statement.ts'
import { Events } from './events.ts'
import type { Numbers } from './numbers.ts'
import { originalShare } from './readings.ts'
import { Scope } from './scope.ts'
import { referencePlace, storedSpace } from './space.ts'

const base = local('base', 'usize')
const step = local('step')
const quenched = local('quenched')

/** Emits a function of `base`, the address of a vector, which computes something at the points of `look`. */
export function lookFunction(
  name: string,
  { model, places, numbers }: { readonly model: Model; readonly places: ShapePlaces; readonly numbers: Numbers },
  look: (events: (theta: Look) => Events) => readonly Events[],
): FunctionCode {
  const scope = new Scope(numbers, model.parameters)
  const loads: Statement[] = []
  const reference = referencePlace(model, base, places)
  const eventsAt = ({ theta, letter, isQuenched = false }: Look) => {
    const at = { theta: { address: base, offset: theta }, gradient: { address: base, offset: places.gradient } }
    const stored = storedSpace(model, at, letter)
    loads.push(...stored.loads)
    return new Events(scope, model, stored.space, { step, reference, ...(isQuenched ? { quenchLoss: quenched } : {}) })
  }
  const statements = look(eventsAt).flatMap(({ writer }) => writer.body.statements)
  const begin = [...scope.prologue.statements, constant(step, vector`v128.load(STEP)`)]
  return functionCode(`export function ${name}`, [base], 'void', [...begin, ...loads, ...statements])
}

/**
 * A point at which events are computed. `theta` is the offset of its coordinates from `base`. In unrolled code, each
 * coordinate is a local whose name begins with `letter`.
 */
interface Look {
  readonly theta: number
  readonly letter: string
  /** Whether the emitted code has already declared the local `quenched`, the loss at the end point of the quench. */
  readonly isQuenched?: boolean
}

/** Emits `inspect(base)`, which computes for both lanes which events occur at the current theta. */
export function inspectFunction(model: Model, places: ShapePlaces, numbers: Numbers): FunctionCode {
  return lookFunction('inspect', { model, places, numbers }, (eventsAt) => {
    const events = eventsAt({ theta: places.theta, letter: 'x' })
    const { writer } = events
    writer.run(code`v128.store(FINITE, ${events.finite()})`)
    events.marks().forEach((mark, index) => {
      const armed = vector`v128.load(${base}, ${vectorPlaces.markArmed + 16 * index})`
      writer.run(code`v128.store(MARK_MASKS, v128.and(${mark}, ${armed}), ${16 * index})`)
    })
    const basin = model.cell.trial.escape?.kind === 'basin'
    const outside = vector`v128.load(${base}, ${places.descent + descentPlaces.outside})`
    const exit = firstTrue(events, basin ? [outside] : events.exits(), '0')
    writer.run(code`v128.store(EXIT, v128.and(${exit}, v128.load(${base}, ${vectorPlaces.escapeArmed})))`)
    writer.run(code`v128.store(DIVERGED, v128.not(${events.bounded()}))`)
    if (model.score !== null) writer.run(code`v128.store(SCORE, ${events.score()})`)
    if (model.cell.trial.converge === null) return [events]
    const held = vector`f64x2.eq(v128.load(${base}, ${vectorPlaces.hold}), ${events.holdLimit()})`
    writer.run(code`v128.store(CONVERGED, v128.and(${held}, v128.load(${base}, ${vectorPlaces.convergeArmed})))`)
    writer.run(code`v128.store(CENTRE, ${firstTrue(events, events.centres(), '0')})`)
    return [events]
  })
}

/**
 * Emits `finish(base)`, which computes for both lanes the fields of the record that depend on the last theta. If trials
 * have a quench, the end point of the quench is stored at PROBE. `quenchloss` is the loss at this point, or NaN if the
 * point is not finite. The minimum in which the trial settled is also computed here, unless it is found by comparing
 * end points (`assembly/descent.ts`).
 */
export function finishFunction(model: Model, places: ShapePlaces, numbers: Numbers): FunctionCode {
  return lookFunction('finish', { model, places, numbers }, (eventsAt) => {
    const end = model.cell.trial.quench === null ? null : eventsAt({ theta: places.probe, letter: 'q' })
    const events = eventsAt({ theta: places.theta, letter: 'x', isQuenched: end !== null })
    if (end !== null) {
      const loss = vector`lossOf(${base} + ${places.probe})`
      end.writer.push(constant(quenched, vector`v128.bitselect(${loss}, f64x2.splat(NaN), ${end.finite()})`))
    }
    const { writer } = events
    if (model.shifts.length > 0) storeWeight(events, places)
    else {
      writer.run(code`v128.store(LOSS, ${events.loss()})`)
      writer.run(code`v128.store(DISTANCE, ${events.distance()})`)
    }
    writer.run(
      code`v128.store(CLASS, ${firstTrue(events, events.classes(), model.classes.length === 0 ? '0' : '0xffff')})`,
    )
    if (end === null && !settlesByGradient(model.cell.trial)) storeSettled(events)
    return end === null ? [events] : [end, events]
  })
}

/**
 * Stores the weight of a trial whose noise is drawn from a mixture of the original and the tilted distribution. The
 * weight is the density of the noise under the original distribution, divided by its density under the mixture.
 */
function storeWeight({ writer }: Events, places: ShapePlaces): void {
  const original = writer.named('original', originalShare)
  const ratio = writer.local(vector`v128.load(${base}, ${places.ratio})`)
  const one = writer.literal(1)
  const tilted = writer.local(vector`f64x2.mul(f64x2.sub(${one}, ${original}), ${elementary('exp', ratio)})`)
  writer.run(code`v128.store(LOSS, f64x2.div(${one}, f64x2.add(${original}, ${tilted})))`)
  writer.run(code`v128.store(DISTANCE, ${ratio})`)
}

function storeSettled(events: Events): void {
  events.writer.run(code`v128.store(SETTLED, ${firstTrue(events, events.minima(), '0xffff')})`)
}

/** For each lane, the position of the first mask that is set, counted from 1; `none` if no mask is set. */
function firstTrue({ writer }: Events, masks: readonly Code[], none: string): Code {
  return masks.reduceRight<Code>(
    (later, mask, index) => writer.local(vector`v128.bitselect(i64x2.splat(${index + 1}), ${later}, ${mask})`),
    vector`i64x2.splat(${none})`,
  )
}
