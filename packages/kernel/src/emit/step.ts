import type { ShapePlaces } from '../memory.ts'
import { vectorPlaces } from '../memory.ts'
import type { Model } from '../model.ts'
import { Events } from './events.ts'
import type { Numbers } from './numbers.ts'
import type { ScaleWriter } from './scales.ts'
import { localSpace, memorySpace, type Space } from './space.ts'
import { updateInLocals, updateInMemory } from './update.ts'
import { Scope } from './writer.ts'

/** What the events of a cell ask for in every step. */
export interface Watch {
  /** The gradient is computed where the events look, after the step, and kept for the next one. */
  readonly late: boolean
  readonly step: boolean
}

export function watchOf(model: Model, namesOf: (e: Model['loss']) => ReadonlySet<string>): Watch {
  const watched = [...model.exits, ...model.marks]
  if (model.convergeWhen !== null) watched.push(model.convergeWhen)
  const names = new Set(watched.flatMap((e) => [...namesOf(e)]))
  const late = names.has('loss') || names.has('gradnorm') || model.cell.trial.converge?.kind === 'gradient'
  return { late, step: names.has('step') }
}

/**
 * `advance(limit)`: every lane takes steps until an event is due in one of them or `limit` is reached, and the
 * number taken is returned. One branch a step covers all events of all lanes. Lanes are independent: which trials
 * run beside a trial changes none of its bits.
 */
export function advanceFunction(
  model: Model,
  vectors: number,
  places: ShapePlaces,
  numbers: Numbers,
  parameters: ReadonlyMap<string, number>,
  scales: ScaleWriter,
): string[] {
  const { trial, update } = model.cell
  const scope = new Scope(numbers, parameters)
  const watch = watchOf(model, (e) => scope.terms.of(e).names)
  const momentum = update.rule.kind === 'momentum'
  const begin: string[] = []
  const loop: string[] = []
  const end: string[] = []
  for (let v = 0; v < vectors; v++) {
    const base = `VECTORS_AT + ${places.stride * v}`
    const coordinates = Array.from({ length: model.dimension }, (_, i) => `x${i}_${v}`)
    const velocities = Array.from({ length: model.dimension }, (_, i) => `v${i}_${v}`)
    const gradients = Array.from({ length: model.dimension }, (_, i) => `g${i}_${v}`)
    const keep = (name: string, offset: number, changes = true) => {
      begin.push(`${changes ? 'let' : 'const'} ${name} = v128.load(${base}, ${offset})`)
      if (changes) end.push(`v128.store(${base}, ${name}, ${offset})`)
    }
    if (model.unrolled) {
      for (const [i, name] of coordinates.entries()) keep(name, places.theta + 16 * i)
      if (momentum) for (const [i, name] of velocities.entries()) keep(name, places.velocity + 16 * i)
    }
    if (trial.converge !== null) keep(`hold_${v}`, vectorPlaces.hold)
    if (trial.afterEscape === 'continue') keep(`escapeArmed_${v}`, vectorPlaces.escapeArmed, false)
    if (trial.afterConverge === 'continue') keep(`convergeArmed_${v}`, vectorPlaces.convergeArmed, false)
    for (const mark of model.marks.keys()) keep(`markArmed${mark}_${v}`, vectorPlaces.markArmed + 16 * mark, false)
    begin.push(`let calm_${v} = i64x2.splat(-1)`)
    if (watch.step) {
      const at = (half: 0 | 1) => `<f64>load<i64>(STEPS, ${16 * v + 8 * half})`
      begin.push(`let step_${v} = f64x2.replace_lane(f64x2.splat(${at(0)}), 1, ${at(1)})`)
    }
    const space = () => (model.unrolled ? localSpace(model, coordinates) : memorySpace(model, places, base, scope))
    const eventsIn = (where: Space) => new Events(scope, model, where, `step_${v}`)

    /** Writes the gradient at the present theta, to locals that outlive the block if it is late. */
    const gradientIn = (where: Space, events: Events) => {
      where.gradient(events.writer)
      if (watch.late && 'gradientLocals' in where) {
        const locals = (where as ReturnType<typeof localSpace>).gradientLocals()
        locals.forEach((g, i) => {
          events.writer.line(`${gradients[i]} = ${g}`)
        })
        return gradients
      }
      return 'gradientLocals' in where ? (where as ReturnType<typeof localSpace>).gradientLocals() : []
    }

    if (watch.late) {
      if (model.unrolled) begin.push(...gradients.map((g) => `let ${g}: v128`))
      const where = space()
      const events = eventsIn(where)
      gradientIn(where, events)
      begin.push('{', ...events.writer.body.lines.map((line) => `  ${line}`), '}')
    }

    const lines: string[] = [...scales.step(v)]
    const before = space()
    const moving = eventsIn(before)
    const gradient = watch.late ? gradients : gradientIn(before, moving)
    if (model.unrolled) {
      updateInLocals(model, scope, moving.writer, { vector: v, base, coordinates, velocities, gradient }, scales)
    } else {
      updateInMemory(model, scope, moving.writer, { vector: v, base, places }, scales)
    }
    if (watch.step) moving.writer.line(`step_${v} = f64x2.add(step_${v}, f64x2.splat(1))`)
    lines.push('{', ...moving.writer.body.lines.map((line) => `  ${line}`), '}')

    const after = space()
    const events = eventsIn(after)
    if (watch.late) gradientIn(after, events)
    watchEvents(model, events, v)
    lines.push('{', ...events.writer.body.lines.map((line) => `  ${line}`), '}')
    loop.push(...lines)
    end.push(`v128.store(EVENTS, v128.not(calm_${v}), ${16 * v})`)
  }
  const calm = Array.from({ length: vectors }, (_, v) => `calm_${v}`).reduce((all, next) => `v128.and(${all}, ${next})`)
  return [
    'export function advance(limit: i64): i64 {',
    ...scope.prologue.lines,
    ...scales.scope.prologue.lines,
    ...scales.before(vectors),
    ...begin,
    'let taken: i64 = 0',
    'while (true) {',
    ...loop.map((line) => `  ${line}`),
    '  taken++',
    `  if (i64x2.bitmask(${calm}) != 3 || taken >= limit) break`,
    '}',
    ...end,
    'return taken',
  ]
    .map((line, index) => (index === 0 ? line : `  ${line}`))
    .concat('}', '')
}

/** Sets calm_v to the lanes in which nothing is due, and counts how long convergence has held. */
function watchEvents(model: Model, events: Events, v: number): void {
  const { trial } = model.cell
  const { writer } = events
  writer.line(`calm_${v} = ${events.bounded()}`)
  const due = (mask: string): void => {
    writer.line(`calm_${v} = v128.andnot(calm_${v}, ${mask})`)
  }
  for (const exit of events.exits()) {
    due(trial.afterEscape === 'continue' ? writer.local(`v128.and(${exit}, escapeArmed_${v})`) : exit)
  }
  events.marks().forEach((mark, index) => {
    due(writer.local(`v128.and(${mark}, markArmed${index}_${v})`))
  })
  const condition = events.convergeCondition()
  if (condition === null) return
  writer.line(`hold_${v} = v128.and(f64x2.add(hold_${v}, ${writer.literal(1)}), ${condition})`)
  const held = writer.local(`f64x2.eq(hold_${v}, ${events.holdLimit()})`)
  due(trial.afterConverge === 'continue' ? writer.local(`v128.and(${held}, convergeArmed_${v})`) : held)
}
