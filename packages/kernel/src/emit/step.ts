import type { Expression } from '@driftfarm/formula'
import { vectorPlaces } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import { boundedScores, boundsOf } from '../model/bounds.ts'
import { type Condition, stepConditions, watchedIn } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { quantitiesIn, usedQuantities } from '../model/quantities.ts'
import { type Code, code, type Local, local, vector } from './code/code.ts'
import { type FunctionCode, functionCode } from './code/function.ts'
import { braces, constant, effect, empty, nest, pinned, type Statement, variable } from './code/statement.ts'
import { type Evaluated, Events, emittedQuantities } from './events.ts'
import type { Numbers } from './numbers.ts'
import type { RuleWriter } from './rule.ts'
import { limit, type ScaleWriter } from './scales.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace } from './space.ts'
import { batchGradient, drawsBatches } from './stepGradient.ts'
import { computeDriftInputs, stepIn, type UpdateCode, updateUsesStep, writeUpdate } from './update.ts'

type Watch = ReturnType<typeof watchOf>

function watchOf(model: Model, rule: RuleWriter, namesOf: (e: Expression) => ReadonlySet<string>) {
  const used = new Set(watchedIn(model).flatMap((e) => quantitiesIn(model, e)))
  const needs = new Set([...used].map((name) => emittedQuantities[name].needs))
  const requested = needs.has('loss') || needs.has('gradient') || model.cell.trial.converge?.kind === 'gradient'
  return {
    /**
     * Whether the gradient is computed after the step, for the events, and used again in the next step. Always false if
     * steps draw batches: the rule then uses the gradient of a batch, and events use the gradient over all samples.
     */
    late: requested && !drawsBatches(model),
    needed: used,
    /** Whether a score is computed only as far as the events need it. */
    limits: boundedScores.some((name) => boundsOf(model, name, watchedIn(model)) !== null),
    step: needs.has('step') || updateUsesStep(model, rule, namesOf),
  }
}

/**
 * Emits `advance(limit)`. Every lane takes steps until an event is due in one of the lanes, or until `limit` steps have
 * been taken. The function returns the number of steps. One branch per step covers all events of all lanes. Lanes are
 * independent: the bits of a trial do not depend on the trials that run beside it.
 */
export function advanceFunction(
  of: Stepping & { readonly numbers: Numbers },
  vectors: number,
  title = 'export function advance',
): FunctionCode {
  const { model, numbers, scales, rule } = of
  const scope = new Scope(numbers, model.parameters)
  const watch = watchOf(model, rule, (e) => scope.terms.of(e).names)
  const parts = Array.from({ length: vectors }, (_, lanes) => new VectorCode({ ...of, scope, watch }, lanes))
  const calm = parts.map(({ calm }): Code => calm).reduce((all, next) => code`v128.and(${all}, ${next})`)
  const taken = local('taken', 'i64')
  return functionCode(title, [limit], 'i64', [
    ...scope.prologue.statements,
    ...scales.scope.prologue.statements,
    ...rule.scope.prologue.statements,
    ...scales.before(vectors),
    ...parts.flatMap(({ begin }) => begin),
    variable(taken, code`<i64>0`),
    nest('while (true)', [
      ...parts.flatMap(({ loop }) => loop),
      pinned(code`${taken}++`),
      pinned(code`if (i64x2.bitmask(${calm}) != 3 || ${taken} >= ${limit}) break`),
    ]),
    ...parts.flatMap(({ end }) => end),
    pinned(code`return ${taken}`),
  ])
}

interface Stepping {
  readonly model: Model
  readonly places: ShapePlaces
  readonly scales: ScaleWriter
  readonly rule: RuleWriter
}

class VectorCode {
  readonly begin: Statement[] = []
  readonly loop: Statement[] = []
  readonly end: Statement[] = []
  /** The local in which all bits of a lane are set as long as no event is due in this lane. */
  readonly calm: Local
  private readonly base: Code
  private readonly coordinates: readonly Local[]
  private readonly states: readonly (readonly Local[])[]
  private readonly gradients: readonly Local[]

  constructor(
    private readonly of: Stepping & { readonly scope: Scope; readonly watch: Watch },
    private readonly lanes: number,
  ) {
    const { model, places, watch } = of
    const names = (letter: string) => Array.from({ length: model.dimension }, (_, i) => local(`${letter}${i}_${lanes}`))
    this.base = code`VECTORS_AT + ${places.stride * lanes}`
    this.calm = this.own('calm')
    this.coordinates = names('x')
    this.states = model.rule.states.map((_, state) => names(`v${state}_`))
    this.gradients = names('g')
    this.keepState()
    if (watch.late) this.firstGradient()
    this.step()
  }

  private own(name: string): Local {
    return local(`${name}_${this.lanes}`)
  }

  private keep(name: Local, offset: number, changes: boolean): void {
    const loaded = vector`v128.load(${this.base}, ${offset})`
    this.begin.push(changes ? variable(name, loaded) : constant(name, loaded))
    if (changes) this.end.push(effect(code`v128.store(${this.base}, ${name}, ${offset})`))
  }

  private keepState(): void {
    const { lanes } = this
    const { model, places } = this.of
    const { trial } = model.cell
    if (model.unrolled) {
      for (const [i, name] of this.coordinates.entries()) this.keep(name, places.theta + 16 * i, true)
      this.states.flat().forEach((name, i) => {
        this.keep(name, places.statesAt + 16 * i, true)
      })
    }
    if (trial.converge !== null) this.keep(this.own('hold'), vectorPlaces.hold, true)
    const { limits } = this.of.watch
    if (limits || trial.afterEscape === 'continue') this.keep(this.own('escapeArmed'), vectorPlaces.escapeArmed, false)
    if (limits || trial.afterConverge === 'continue')
      this.keep(this.own('convergeArmed'), vectorPlaces.convergeArmed, false)
    for (const mark of trial.marks.keys()) {
      this.keep(this.own(`markArmed${mark}`), vectorPlaces.markArmed + 16 * mark, false)
    }
    if (model.shifts.length > 0) {
      this.keep(this.own('tilted'), places.tilted, false)
      this.keep(this.own('ratio'), places.ratio, true)
    }
    if (model.score !== null) {
      this.keep(this.own('level'), places.level, false)
      this.keep(this.own('peak'), places.peak, true)
    }
    if (trial.warmup > 0) {
      // During a warm-up the step counter is negative and rises to 0, and a call of `advance` never takes it past 0.
      // While the counter is negative, n is 0 and no event is recorded.
      this.begin.push(
        constant(this.own('warm'), vector`i64x2.shr_s(v128.load(STEPS, ${16 * lanes}), 63)`),
        constant(this.own('onward'), vector`v128.andnot(f64x2.splat(1), ${this.own('warm')})`),
      )
    }
    if (this.of.watch.step) {
      const at = (half: 0 | 1) => `<f64>max<i64>(load<i64>(STEPS, ${16 * lanes + 8 * half}), 0)`
      this.begin.push(variable(stepIn(lanes), vector`f64x2.replace_lane(f64x2.splat(${at(0)}), 1, ${at(1)})`))
    }
    this.begin.push(variable(this.calm, vector`i64x2.splat(-1)`))
    this.end.push(effect(code`v128.store(EVENTS, v128.not(${this.calm}), ${16 * lanes})`))
  }

  /** Code that was emitted for an earlier state is not reused. */
  private look(evaluated: readonly Evaluated[] = []): Events {
    const { model, places, scope } = this.of
    const at = (offset: number) => ({ address: this.base, offset })
    const space = model.unrolled
      ? localSpace(model, this.coordinates)
      : memorySpace(model, { theta: at(places.theta), gradient: at(places.gradient) }, this.of.watch.needed)
    const { base, lanes } = this
    return new Events(scope, model, space, { base, places, step: stepIn(lanes), steps: true, evaluated })
  }

  /** If the next step uses the gradient again (`watch.late`), assigns it to locals that outlive the block. */
  private gradient({ space, writer }: Events): readonly Code[] {
    const locals = space.gradient(writer)
    if (!this.of.watch.late) return locals
    for (const [i, g] of locals.entries()) writer.assign(this.gradients[i]!, g)
    return this.gradients
  }

  private firstGradient(): void {
    if (this.of.model.unrolled) this.begin.push(...this.gradients.map(empty))
    const events = this.look()
    this.gradient(events)
    this.begin.push(block(events))
  }

  /** If steps draw batches, the rule uses the gradient over the batch. */
  private ruleGradient(moving: Events): readonly Code[] {
    const { model, places } = this.of
    const keep = (loss: Code) => moving.writer.run(code`v128.store(${this.base}, ${loss}, ${places.batchLoss})`)
    const keepsLoss = usedQuantities(model).has('batchloss')
    if (keepsLoss && !drawsBatches(model))
      keep(moving.space.call(moving.writer, model.cell.landscape.kind === 'network' ? 'meanLossOf' : 'lossOf'))
    if (this.of.watch.late) return this.gradients
    if (!drawsBatches(this.of.model)) return this.gradient(moving)
    batchGradient(this.of.model, moving.writer, this.base, true)
    if (keepsLoss) keep(vector`v128.load(STEP_LOSS)`)
    return []
  }

  /** The expressions of events. With `late`, the gradient gives the loss anyway. */
  private evaluated(): readonly Evaluated[] {
    const { model, watch } = this.of
    if (watch.late || !watch.limits) return []
    const armed = ({ kind, index }: Condition) =>
      this.own(kind === 'mark' ? `markArmed${index}` : kind === 'exit' ? 'escapeArmed' : 'convergeArmed')
    return [
      ...stepConditions(model).map((condition) => ({ when: condition.when, armed: armed(condition) })),
      ...(model.score === null ? [] : [{ when: model.score, armed: null }]),
    ]
  }

  private step(): void {
    const { base, lanes } = this
    const { model, places, scope, scales, rule } = this.of
    const locals = { coordinates: this.coordinates, states: this.states }
    const update: UpdateCode = { model, places, scope, scales, rule, lanes, base, locals }
    const moving = this.look()
    const requested = computeDriftInputs(update, moving)
    const gradient = this.ruleGradient(moving)
    moving.know(gradient)
    writeUpdate(update, moving.writer, gradient, requested)
    const warms = model.cell.trial.warmup > 0
    const one = warms ? this.own('onward') : vector`f64x2.splat(1)`
    const step = stepIn(lanes)
    if (this.of.watch.step) moving.writer.assign(step, vector`f64x2.add(${step}, ${one})`)
    const events = this.look(this.evaluated())
    if (this.of.watch.late) this.gradient(events)
    this.watchEvents(events)
    if (warms) events.writer.assign(this.calm, vector`v128.or(${this.calm}, ${this.own('warm')})`)
    this.loop.push(...this.of.scales.step(lanes), block(moving), block(events))
  }

  /**
   * Sets `calm` to the lanes in which no event is due. Counts the consecutive steps at which the condition of
   * convergence held.
   */
  private watchEvents(events: Events): void {
    const { calm } = this
    const { model } = this.of
    const { trial } = model.cell
    const { writer } = events
    writer.assign(calm, events.bounded())
    const due = (mask: Code): void => writer.assign(calm, vector`v128.andnot(${calm}, ${mask})`)
    const armed = (mask: Code, name: string): Code => writer.local(vector`v128.and(${mask}, ${this.own(name)})`)
    for (const exit of events.exits()) due(trial.afterEscape === 'continue' ? armed(exit, 'escapeArmed') : exit)
    for (const [index, mark] of events.marks()) due(armed(mark, `markArmed${index}`))
    if (model.score !== null) {
      const score = events.score()
      const peak = this.own('peak')
      // NaN counts as lower than any number.
      writer.assign(peak, vector`f64x2.pmax(${peak}, ${score})`)
      due(writer.local(vector`f64x2.gt(${score}, ${this.own('level')})`))
    }
    const condition = events.convergeCondition()
    if (condition === null) return
    const hold = this.own('hold')
    writer.assign(hold, vector`v128.and(f64x2.add(${hold}, ${writer.literal(1)}), ${condition})`)
    const held = writer.local(vector`f64x2.eq(${hold}, ${events.holdLimit()})`)
    due(trial.afterConverge === 'continue' ? armed(held, 'convergeArmed') : held)
  }
}

function block({ writer }: Events): Statement {
  return braces(writer.body.statements)
}
