import type { Expression } from '@driftfarm/formula'
import type { Model } from '../model/model.ts'
import { type Code, type Local, local, vector } from './code/code.ts'
import {
  type Index,
  type LocalNames,
  localCoordinates,
  memoryCoordinates,
  passingSlot,
  type VectorUse,
} from './coordinates.ts'
import { Draws } from './draws.ts'
import { type Action, type DriftInputs, type DriftUse, DriftWriter } from './drift.ts'
import type { Events } from './events.ts'
import * as read from './readings.ts'
import type { RuleWriter } from './rule.ts'
import type { ScaleWriter } from './scales.ts'
import { changeGradient } from './stepGradient.ts'
import type { Writer } from './writer.ts'

export interface UpdateCode extends VectorUse {
  readonly scales: ScaleWriter
  readonly rule: RuleWriter
  /** Index of the vector of lanes. */
  readonly lanes: number
  /** Used only if coordinates and states are in locals. */
  readonly locals: Omit<LocalNames, 'gradient'>
}

/** The local with the number of the step that a vector of lanes is about to take, as a double. */
export function stepIn(lanes: number): Local {
  return local(`step_${lanes}`)
}

export function scratchVectors({ cell, unrolled }: Model): number {
  const { drift, sam } = cell.update
  if (unrolled) return drift.some((entry) => entry.form === 'anisotropic' && entry.shape.kind !== 'diagonal') ? 1 : 0
  if (drift.length === 0) return sam === undefined ? 0 : 1
  return 1 + drift.filter((entry) => entry.form === 'additive' && entry.scale !== 'sigma').length
}

export function updateUsesStep(
  { cell, when, shifts }: Model,
  rule: RuleWriter,
  namesOf: (e: Expression) => ReadonlySet<string>,
): boolean {
  return (
    rule.usesStep ||
    cell.update.drift.some(({ every }) => every !== 1) ||
    [...when, ...shifts].some((e) => e !== null && namesOf(e).has('step'))
  )
}

/**
 * The emitted code must run before the gradient of the step is computed. Conditions of drift entries may use the
 * gradient over all samples, which the gradient of a batch overwrites.
 */
export function computeDriftInputs({ model, lanes }: UpdateCode, events: Events): DriftInputs {
  const { writer } = events
  const step = stepIn(lanes)
  const masks = model.cell.update.drift.map(({ every }, index) => {
    const when = model.when[index]!
    const requested = when === null ? null : writer.mask(when)
    if (every === 1) return requested
    const k = writer.named(`every ${index}`, read.everyOf(index))
    const whole = writer.local(vector`f64x2.floor(f64x2.div(${step}, ${k}))`)
    const due = writer.local(vector`f64x2.eq(f64x2.mul(${whole}, ${k}), ${step})`)
    return requested === null ? due : writer.local(vector`v128.and(${due}, ${requested})`)
  })
  const scaled = model.cell.update.drift.some(({ form }) => form === 'loss-scaled')
  const rootOfLoss = scaled ? writer.local(vector`f64x2.sqrt(f64x2.pmax(${events.loss()}, f64x2.splat(0)))`) : null
  return { masks, rootOfLoss }
}

/** Writes the step from theta_n to theta_(n+1), in the order of operations given in docs/develop/semantics.md. */
export function writeUpdate(code: UpdateCode, writer: Writer, gradient: readonly Code[], requested: DriftInputs): void {
  const { model, scope, base, locals } = code
  const coordinates = model.unrolled
    ? localCoordinates(code, writer, { ...locals, gradient })
    : memoryCoordinates(code, writer)
  changeGradient(code, writer, coordinates)
  const draws = new Draws(scope, writer, base)
  const drawing = drawsNoise(model)
  if (drawing) draws.open()
  const { pending, steps, eta } = writeDrift(code, writer, { coordinates, draws, asked: requested })
  const { walk } = coordinates
  const { decoupledDecay, etaByLayer } = model.cell.update
  const etaAt = (i: Index) => {
    if (etaByLayer === undefined) return eta
    const factor = walk.number(scope.numbers.array('eta by layer', read.etaByLayer), i)
    return writer.local(vector`f64x2.mul(${eta}, ${factor})`)
  }
  const decayed = (x: Code, own: Code) => {
    if (decoupledDecay === undefined) return x
    const lambda = writer.named('decoupled decay', read.decoupledDecay)
    return writer.local(vector`f64x2.mul(${x}, f64x2.sub(${writer.literal(1)}, f64x2.mul(${own}, ${lambda})))`)
  }
  if (drawing && !walk.looped && !model.rule.draws) draws.close()
  walk.each((i) => {
    let g = coordinates.gradient.get(i)
    const noise = pending?.step?.(i)
    if (pending?.gradient !== undefined) g = pending.gradient(i, g)
    const own = etaAt(i)
    const { theta, states } = code.rule.write(writer, {
      g,
      theta: decayed(coordinates.theta.get(i), own),
      states: coordinates.states.map((state) => state.get(i)),
      eta: own,
      n: stepIn(code.lanes),
      xi: model.rule.draws ? draws.normal() : null,
      scale: (e) => code.scales.at(e, code.lanes),
    })
    for (const [index, value] of states.entries()) coordinates.states[index]!.set(i, value)
    const moved = steps.reduce<Code>((x, { slot, mask }) => {
      const next = writer.local(vector`f64x2.add(${x}, ${slot === null ? noise! : coordinates.scratch(slot).get(i)})`)
      return mask === null ? next : writer.local(vector`v128.bitselect(${next}, ${x}, ${mask})`)
    }, theta)
    coordinates.theta.set(i, moved)
  })
  if (drawing && (walk.looped || model.rule.draws)) draws.close()
}

export function drawsNoise({ cell, rule }: Model): boolean {
  return rule.draws || cell.update.drift.length > 0
}

function writeDrift(code: UpdateCode, writer: Writer, using: DriftUse) {
  const { model, scales, lanes } = code
  const { coordinates, asked: requested } = using
  const { drift } = model.cell.update
  const drifting = new DriftWriter(code, writer, using)
  /**
   * The terms that drift entries add to theta after the rule. `slot` is the scratch slot that holds the term; null for
   * the pending entry. `mask` marks the lanes to which the term is added; null for all lanes.
   */
  const steps: { readonly slot: number | null; readonly mask: Code | null }[] = []
  let eta = scales.at(model.scales.eta, lanes)
  /**
   * The effect of the last drift entry, if it is applied in the same loop as the rule; else null. In that loop, the
   * draws of the entry need not be stored.
   */
  let pending: Action | null = null
  drift.forEach((entry, index) => {
    const action = drifting.act(entry, index, scales.at(model.scales.drift[index]!, lanes), eta)
    eta = action.eta ?? eta
    const waits = coordinates.walk.looped && index === drift.length - 1 && !model.rule.draws
    if (waits) pending = action
    const { gradient, step } = action
    if (step !== undefined) {
      const slot = waits ? null : passingSlot + 1 + steps.length
      steps.push({ slot, mask: requested.masks[index]! })
      if (slot !== null) coordinates.walk.each((i) => coordinates.scratch(slot).set(i, step(i)))
    } else if (gradient !== undefined && !waits) {
      coordinates.walk.each((i) => coordinates.gradient.set(i, gradient(i, coordinates.gradient.get(i))))
    }
  })
  return { pending: pending as Action | null, steps, eta }
}
