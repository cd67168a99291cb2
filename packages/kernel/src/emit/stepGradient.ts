import { trainingNoise } from '@driftfarm/spec'
import type { Model } from '../model/model.ts'
import { type Code, code, vector } from './code/code.ts'
import { type Coordinates, type Index, passingSlot, type VectorUse } from './coordinates.ts'
import * as read from './readings.ts'
import { localSpace, memorySpace, type Space, writerOver } from './space.ts'
import type { Writer } from './writer.ts'

/** Whether each lane has its own samples, masks or labels in a step. */
export function drawsBatches({ cell: { landscape } }: Model): boolean {
  return trainingNoise(landscape).length > 0
}

/** Whether a step evaluates its batch more than once, so that the drawn samples must be stored. */
export function repeatsBatch(model: Model): boolean {
  return drawsBatches(model) && model.cell.update.sam !== undefined
}

/** Computes the gradient over the batch of a step into memory. A step may do this once or, with `sam`, twice. */
export function batchGradient(model: Model, writer: Writer, base: Code, isFirst: boolean): void {
  if (repeatsBatch(model)) writer.run(code`${isFirst ? 'beginStep' : 'repeatStep'}(${base})`)
  writer.run(code`batchGradientOf(${base})`)
}

/**
 * Replaces the gradient at theta by the gradient that the rule uses: that at theta + rho g/|g| (`sam`), which is then
 * clipped (`clip`). The order of operations is that of `scalar/ruleGradient.ts`.
 */
export function changeGradient(at: VectorUse, writer: Writer, coordinates: Coordinates): void {
  const { sam, clip } = at.model.cell.update
  if (sam !== undefined) sharpen(at, writer, coordinates)
  if (clip === undefined) return
  const { walk, gradient } = coordinates
  const norm = normOf(writer, coordinates)
  const limit = writer.named('clip', read.clip)
  const shorter = vector`v128.bitselect(f64x2.div(${limit}, ${norm}), f64x2.splat(1), f64x2.gt(${norm}, ${limit}))`
  const factor = writer.local(shorter)
  walk.each((i) => gradient.set(i, vector`f64x2.mul(${gradient.get(i)}, ${factor})`))
}

function sharpen({ model, places, scope, base }: VectorUse, writer: Writer, coordinates: Coordinates): void {
  const { walk, theta, gradient } = coordinates
  const norm = normOf(writer, coordinates)
  const quotient = vector`f64x2.div(${writer.named('sam rho', read.samRho)}, ${norm})`
  const scale = writer.local(vector`v128.andnot(${quotient}, f64x2.eq(${norm}, f64x2.splat(0)))`)
  const place = (offset: number) => ({ address: base, offset })
  // A writer of its own, because `writer` knows the terms of the gradient at theta.
  const gradientIn = (space: Space) => {
    const inner = writerOver(model, space, scope)
    const partials = space.gradient(inner)
    writer.push(...inner.body.statements)
    return partials
  }
  const moved = (i: Index) => vector`f64x2.add(${theta.get(i)}, f64x2.mul(${gradient.get(i)}, ${scale}))`
  if (model.unrolled) {
    const names = Array.from({ length: model.dimension }, (_, i) => writer.local(moved(i)))
    for (const [i, partial] of gradientIn(localSpace(model, names)).entries()) gradient.set(i, partial)
    return
  }
  // The functions of the landscape read theta where it is stored, so theta moves there and back.
  const kept = coordinates.scratch(passingSlot)
  walk.each((i) => {
    kept.set(i, theta.get(i))
    theta.set(i, moved(i))
  })
  if (drawsBatches(model)) batchGradient(model, writer, base, false)
  else gradientIn(memorySpace(model, { theta: place(places.theta), gradient: place(places.gradient) }))
  walk.each((i) => theta.set(i, kept.get(i)))
}

function normOf(writer: Writer, { walk, gradient }: Coordinates): Code {
  return writer.local(vector`f64x2.sqrt(${walk.sumOfSquares((i) => gradient.get(i))})`)
}
