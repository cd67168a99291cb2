import { build } from '@driftfarm/formula'
import { settlesByGradient } from '@driftfarm/spec'
import { descentPlaces, vectorPlaces } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import { allOf, everyValues } from '../model/conditions.ts'
import { type Condition, stepConditions } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { quantitiesIn, sinceMarks } from '../model/quantities.ts'
import { type Code, code, elementary, local, vector } from './code/code.ts'
import { type FunctionCode, functionCode, written } from './code/function.ts'
import { constant, type Statement } from './code/statement.ts'
import { type Evaluated, Events, sinceAt } from './events.ts'
import type { Numbers } from './numbers.ts'
import { originalShare } from './readings.ts'
import { Scope } from './scope.ts'
import { type Needed, storedSpace } from './space.ts'

const base = local('base', 'usize')
const step = local('step')
const quenched = local('quenched')

/**
 * Emits a function of `base`, the address of a vector, which computes something at the points of `look`. Scores of
 * networks that the expressions `evaluated` use are computed together, or only as far as these expressions need them.
 */
export function lookFunction(
  name: string,
  { model, places, numbers }: { readonly model: Model; readonly places: ShapePlaces; readonly numbers: Numbers },
  look: (eventsAt: EventsAt) => readonly Events[],
  evaluated: readonly Evaluated[] = [],
): FunctionCode {
  const used = new Set(evaluated.flatMap(({ when }) => quantitiesIn(model, when)))
  const needed: Needed = used.has('accuracy') || used.has('testaccuracy') ? used : new Set()
  const scope = new Scope(numbers, model.parameters)
  const loads: Statement[] = []
  const eventsAt = ({ theta, letter, isQuenched = false }: Look) => {
    const at = { theta: { address: base, offset: theta }, gradient: { address: base, offset: places.gradient } }
    const stored = storedSpace(model, at, letter, needed)
    loads.push(...stored.loads)
    const quenchLoss = isQuenched ? { quenchLoss: quenched } : {}
    return new Events(scope, model, stored.space, { base, places, step, steps: false, evaluated, ...quenchLoss })
  }
  const statements = look(eventsAt).flatMap(({ writer }) => writer.body.statements)
  const begin = [...scope.prologue.statements, constant(step, vector`v128.load(STEP)`)]
  return functionCode(`export function ${name}`, [base], 'void', [...begin, ...loads, ...statements])
}

/** Emits `NAME(index, base)`, which calls one of the functions NAME0, NAME1, ... */
export function dispatcher(name: string, count: number): FunctionCode {
  const calls = Array.from({ length: count }, (_, index) => `if (index == ${index}) ${name}${index}(base)`)
  return written(`export function ${name}(index: i32, base: usize): void`, calls)
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

type EventsAt = (at: Look) => Events

/** Emits `inspect(base)`, which computes for both lanes which events occur at the current theta. */
export function inspectFunction(model: Model, places: ShapePlaces, numbers: Numbers): FunctionCode {
  const look = (eventsAt: EventsAt) => {
    const events = eventsAt({ theta: places.theta, letter: 'x' })
    const { writer } = events
    writer.run(code`v128.store(FINITE, ${events.finite()})`)
    for (const [index, mark] of events.marks()) {
      const armed = vector`v128.load(${base}, ${vectorPlaces.markArmed + 16 * index})`
      writer.run(code`v128.store(MARK_MASKS, v128.and(${mark}, ${armed}), ${16 * index})`)
    }
    const basin = model.cell.trial.escape?.kind === 'basin'
    const outside = vector`v128.load(${base}, ${places.descent + descentPlaces.outside})`
    const exit = firstTrue(events, basin ? [outside] : events.exits(), '0')
    writer.run(code`v128.store(EXIT, v128.and(${exit}, v128.load(${base}, ${vectorPlaces.escapeArmed})))`)
    writer.run(code`v128.store(DIVERGED, v128.not(${events.bounded()}))`)
    if (model.score !== null) writer.run(code`v128.store(SCORE, ${events.score()})`)
    if (model.cell.trial.converge === null) return [events]
    const isTimed = model.conditions.converge.some(({ timed }) => timed !== null)
    const hold = vector`v128.load(${base}, ${vectorPlaces.hold})`
    const held = isTimed ? events.convergeCondition()! : vector`f64x2.eq(${hold}, ${events.holdLimit()})`
    writer.run(code`v128.store(CONVERGED, v128.and(${held}, v128.load(${base}, ${vectorPlaces.convergeArmed})))`)
    writer.run(code`v128.store(CENTRE, ${firstTrue(events, events.centres(), '0')})`)
    return [events]
  }
  const tested = stepConditions(model).filter(({ kind }) => kind !== 'converge')
  return lookFunction('inspect', { model, places, numbers }, look, [
    ...tested.map((condition) => ({ when: condition.when, armed: armedMask(condition) })),
    ...(model.score === null ? [] : [{ when: model.score, armed: null }]),
  ])
}

/** Offset of the mask of the lanes in which a condition matters; null for classes, which matter in all lanes. */
function armedAt({ kind, index }: Condition): number | null {
  const { escapeArmed, convergeArmed, markArmed } = vectorPlaces
  if (kind === 'class') return null
  return kind === 'exit' ? escapeArmed : kind === 'converge' ? convergeArmed : markArmed + 16 * index
}

function armedMask(condition: Condition): Code | null {
  const at = armedAt(condition)
  return at === null ? null : vector`v128.load(${base}, ${at})`
}

/**
 * Emits the functions for conditions with `every`. `watch(group, base)` evaluates the conditions of a group in the
 * lanes of the mask at DUE and stores their masks. For a convergence, the mask says whether the condition has held
 * often enough. `armedIn(half, group)` is not 0 if the lane at `half` still needs a condition of the group.
 */
export function timedFunctions(model: Model, places: ShapePlaces, numbers: Numbers): FunctionCode[] {
  const groups = [...everyValues(model.cell.trial).keys()]
  const members = (group: number) => allOf(model.conditions).filter(({ timed }) => timed?.group === group)
  const watches = groups.map((group) => {
    const look = (eventsAt: EventsAt) => {
      const events = eventsAt({ theta: places.theta, letter: 'x' })
      for (const condition of members(group)) storeTimed(events, condition, places.timed + 16 * condition.timed!.place)
      return [events]
    }
    const due = vector`v128.load(DUE)`
    const evaluated = members(group).map((condition): Evaluated => {
      const armed = armedMask(condition)
      return { when: condition.when, armed: armed === null ? due : vector`v128.and(${due}, ${armed})` }
    })
    return lookFunction(`watch${group}`, { model, places, numbers }, look, evaluated)
  })
  const armed = (condition: Condition): string => {
    const at = armedAt(condition)
    return at === null ? '-1' : `load<i64>(half, ${at})`
  }
  return [
    ...watches,
    dispatcher('watch', groups.length),
    written('export function sincePlace(mark: i32): usize', [
      ...sinceMarks(model).map((mark, place) => `if (mark == ${mark}) return ${sinceAt(places, model, place)}`),
      'return 0',
    ]),
    written('export function armedIn(half: usize, group: i32): i64', [
      ...groups.map((group) => `if (group == ${group}) return ${members(group).map(armed).join(' | ')}`),
      'return 0',
    ]),
  ]
}

function storeTimed(events: Events, { kind, when }: Condition, place: number): void {
  const { writer } = events
  const mask = writer.mask(when)
  const due = writer.local(vector`v128.load(DUE)`)
  const old = (offset: number) => writer.local(vector`v128.load(${base}, ${offset})`)
  const store = (value: Code, offset: number) => writer.run(code`v128.store(${base}, ${value}, ${offset})`)
  if (kind === 'converge') {
    const hold = old(vectorPlaces.hold)
    const next = writer.local(vector`v128.and(f64x2.add(${hold}, ${writer.literal(1)}), ${mask})`)
    store(vector`v128.bitselect(${next}, ${hold}, ${due})`, vectorPlaces.hold)
    store(vector`v128.and(f64x2.eq(${next}, ${events.holdLimit()}), ${due})`, place)
  } else if (kind === 'class') store(vector`v128.bitselect(${mask}, ${old(place)}, ${due})`, place)
  else store(vector`v128.and(${mask}, ${due})`, place)
}

/**
 * Emits `finish(base)`, which computes for both lanes the fields of the record that depend on the last theta. If trials
 * have a quench, the end point of the quench is stored at PROBE. `quenchloss` is the loss at this point, or NaN if the
 * point is not finite. The minimum in which the trial settled is also computed here, unless it is found by comparing
 * end points (`assembly/descent.ts`).
 */
export function finishFunction(model: Model, places: ShapePlaces, numbers: Numbers): FunctionCode {
  const look = (eventsAt: EventsAt) => {
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
    const none = model.conditions.class.length === 0 ? '0' : '0xffff'
    writer.run(code`v128.store(CLASS, ${firstTrue(events, events.classes(), none)})`)
    if (end === null && !settlesByGradient(model.cell.trial))
      writer.run(code`v128.store(SETTLED, ${firstTrue(events, events.minima(), '0xffff')})`)
    return end === null ? [events] : [end, events]
  }
  const classes = model.conditions.class.filter(({ timed }) => timed === null)
  const evaluated = [build.name('loss'), ...classes.map(({ when }) => when)].map((when) => ({ when, armed: null }))
  return lookFunction('finish', { model, places, numbers }, look, evaluated)
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

/** For each lane, the position of the first mask that is set, counted from 1; `none` if no mask is set. */
function firstTrue({ writer }: Events, masks: readonly Code[], none: string): Code {
  return masks.reduceRight<Code>(
    (later, mask, index) => writer.local(vector`v128.bitselect(i64x2.splat(${index + 1}), ${later}, ${mask})`),
    vector`i64x2.splat(${none})`,
  )
}
