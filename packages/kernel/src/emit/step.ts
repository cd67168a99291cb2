import type { Expression } from '@driftfarm/formula'
import type { Model } from '../model/model.ts'
import type { ShapePlaces } from '../run/memory.ts'
import { vectorPlaces } from '../run/memory.ts'
import { Events } from './events.ts'
import type { Numbers } from './numbers.ts'
import type { RuleWriter } from './rule.ts'
import type { ScaleWriter } from './scales.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace, referencePlace, statePlaces } from './space.ts'
import { askDrift, type UpdateCode, updateUsesStep, writeUpdate } from './update.ts'

/** What the events of a cell ask for in every step. */
export interface Watch {
  /** The gradient is computed where the events look, after the step, and kept for the next one: never that of a batch. */
  readonly late: boolean
  readonly loss: boolean
  readonly step: boolean
}

function watchOf(model: Model, rule: RuleWriter, namesOf: (e: Expression) => ReadonlySet<string>): Watch {
  const watched = [...model.exits, ...model.marks]
  if (model.convergeWhen !== null) watched.push(model.convergeWhen)
  if (model.score !== null) watched.push(model.score)
  const names = new Set(watched.flatMap((e) => [...namesOf(e)]))
  const loss = names.has('loss')
  const asked = loss || names.has('gradnorm') || model.cell.trial.converge?.kind === 'gradient'
  return { late: asked && !drawsBatches(model), loss, step: names.has('step') || updateUsesStep(model, rule, namesOf) }
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
  scales: ScaleWriter,
  rule: RuleWriter,
): string[] {
  const scope = new Scope(numbers, model.parameters)
  const watch = watchOf(model, rule, (e) => scope.terms.of(e).names)
  const parts = Array.from({ length: vectors }, (_, v) => new VectorCode(model, places, scope, scales, rule, watch, v))
  const calm = parts.map(({ calm }) => calm).reduce((all, next) => `v128.and(${all}, ${next})`)
  const begin = parts.flatMap((part) => part.begin)
  const loop = parts.flatMap((part) => part.loop)
  return [
    'export function advance(limit: i64): i64 {',
    ...indented([
      ...scope.prologue.lines,
      ...scales.scope.prologue.lines,
      ...rule.scope.prologue.lines,
      ...scales.before(vectors),
      ...begin,
      'let taken: i64 = 0',
      'while (true) {',
      ...indented([...loop, 'taken++', `if (i64x2.bitmask(${calm}) != 3 || taken >= limit) break`]),
      '}',
      ...parts.flatMap((part) => part.end),
      'return taken',
    ]),
    '}',
    '',
  ]
}

/** What `advance` does for one vector of lanes: before, in and after the loop. */
class VectorCode {
  readonly begin: string[] = []
  readonly loop: string[] = []
  readonly end: string[] = []
  /** Local: all bits of a lane set while nothing is due in it. */
  readonly calm: string
  private readonly base: string
  private readonly coordinates: readonly string[]
  private readonly states: readonly (readonly string[])[]
  private readonly gradients: readonly string[]

  constructor(
    private readonly model: Model,
    private readonly places: ShapePlaces,
    private readonly scope: Scope,
    private readonly scales: ScaleWriter,
    private readonly rule: RuleWriter,
    private readonly watch: Watch,
    private readonly vector: number,
  ) {
    const names = (letter: string) => Array.from({ length: model.dimension }, (_, i) => `${letter}${i}_${vector}`)
    this.base = `VECTORS_AT + ${places.stride * vector}`
    this.calm = `calm_${vector}`
    this.coordinates = names('x')
    this.states = model.rule.states.map((_, state) => names(`v${state}_`))
    this.gradients = names('g')
    this.keepState()
    if (watch.late) this.firstGradient()
    this.step()
  }

  /** Loads a local before the loop and stores it after, if the loop changes it. */
  private keep(name: string, offset: number, changes: boolean): void {
    this.begin.push(`${changes ? 'let' : 'const'} ${name} = v128.load(${this.base}, ${offset})`)
    if (changes) this.end.push(`v128.store(${this.base}, ${name}, ${offset})`)
  }

  private keepState(): void {
    const { model, places, vector } = this
    const { trial } = model.cell
    if (model.unrolled) {
      for (const [i, name] of this.coordinates.entries()) this.keep(name, places.theta + 16 * i, true)
      this.states.flat().forEach((name, i) => {
        this.keep(name, places.states + 16 * i, true)
      })
    }
    if (trial.converge !== null) this.keep(`hold_${vector}`, vectorPlaces.hold, true)
    if (trial.afterEscape === 'continue') this.keep(`escapeArmed_${vector}`, vectorPlaces.escapeArmed, false)
    if (trial.afterConverge === 'continue') this.keep(`convergeArmed_${vector}`, vectorPlaces.convergeArmed, false)
    for (const mark of model.marks.keys()) {
      this.keep(`markArmed${mark}_${vector}`, vectorPlaces.markArmed + 16 * mark, false)
    }
    if (model.shifts.length > 0) {
      this.keep(`tilted_${vector}`, places.tilted, false)
      this.keep(`ratio_${vector}`, places.ratio, true)
    }
    if (model.score !== null) {
      this.keep(`level_${vector}`, places.level, false)
      this.keep(`peak_${vector}`, places.peak, true)
    }
    if (trial.warmup > 0) {
      // Its steps count up to 0, where every call of advance ends; until then n stays 0 and nothing is noted.
      this.begin.push(
        `const warm_${vector} = i64x2.shr_s(v128.load(STEPS, ${16 * vector}), 63)`,
        `const onward_${vector} = v128.andnot(f64x2.splat(1), warm_${vector})`,
      )
    }
    if (this.watch.step) {
      const at = (half: 0 | 1) => `<f64>max<i64>(load<i64>(STEPS, ${16 * vector + 8 * half}), 0)`
      this.begin.push(`let step_${vector} = f64x2.replace_lane(f64x2.splat(${at(0)}), 1, ${at(1)})`)
    }
    this.begin.push(`let ${this.calm} = i64x2.splat(-1)`)
    this.end.push(`v128.store(EVENTS, v128.not(${this.calm}), ${16 * vector})`)
  }

  /** The state of the moment: nothing that was written of an earlier one is taken up. */
  private look(): Events {
    const { model, places, scope } = this
    const space = model.unrolled
      ? localSpace(model, this.coordinates)
      : memorySpace(model, statePlaces(this.base, places), scope, this.watch.loss)
    return new Events(scope, model, space, `step_${this.vector}`, referencePlace(model, this.base, places))
  }

  /** Writes the gradient at the present theta; if it is late, to locals that outlive the block. */
  private gradient({ space, writer }: Events): readonly string[] {
    const locals = space.gradient(writer)
    if (!this.watch.late) return locals
    for (const [i, g] of locals.entries()) writer.line(`${this.gradients[i]} = ${g}`)
    return this.gradients
  }

  private firstGradient(): void {
    if (this.model.unrolled) this.begin.push(...this.gradients.map((g) => `let ${g}: v128`))
    const events = this.look()
    this.gradient(events)
    this.begin.push(...block(events))
  }

  /** What the rule moves by: over the batch, if there are batches. */
  private ruleGradient(moving: Events): readonly string[] {
    if (this.watch.late) return this.gradients
    if (!drawsBatches(this.model)) return this.gradient(moving)
    moving.writer.line(`batchGradientOf(${this.base})`)
    return []
  }

  private step(): void {
    const { model, places, scope, scales, rule, base, vector } = this
    const locals = { coordinates: this.coordinates, states: this.states }
    const code: UpdateCode = { model, places, numbers: scope.numbers, scope, scales, rule, vector, base, locals }
    const moving = this.look()
    const asked = askDrift(code, moving)
    const gradient = this.ruleGradient(moving)
    moving.know(gradient)
    writeUpdate(code, moving.writer, gradient, asked)
    const warms = model.cell.trial.warmup > 0
    const one = warms ? `onward_${vector}` : 'f64x2.splat(1)'
    if (this.watch.step) moving.writer.line(`step_${vector} = f64x2.add(step_${vector}, ${one})`)
    const events = this.look()
    if (this.watch.late) this.gradient(events)
    watchEvents(model, events, vector)
    if (warms) events.writer.line(`calm_${vector} = v128.or(calm_${vector}, warm_${vector})`)
    this.loop.push(...this.scales.step(vector), ...block(moving), ...block(events))
  }
}

function drawsBatches(model: Model): boolean {
  const { landscape } = model.cell
  return landscape.kind !== 'population' && landscape.batch !== null
}

function block({ writer }: Events): string[] {
  return ['{', ...indented(writer.body.lines), '}']
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
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
  if (model.score !== null) {
    const score = events.score()
    // What is no number is below any other.
    writer.line(`peak_${v} = f64x2.pmax(peak_${v}, ${score})`)
    due(writer.local(`f64x2.gt(${score}, level_${v})`))
  }
  const condition = events.convergeCondition()
  if (condition === null) return
  writer.line(`hold_${v} = v128.and(f64x2.add(hold_${v}, ${writer.literal(1)}), ${condition})`)
  const held = writer.local(`f64x2.eq(hold_${v}, ${events.holdLimit()})`)
  due(trial.afterConverge === 'continue' ? writer.local(`v128.and(${held}, convergeArmed_${v})`) : held)
}
