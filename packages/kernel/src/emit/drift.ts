import type { Drift, VectorLaw } from '@driftfarm/spec'
import { jointLaw } from '../laws/laws.ts'
import { shiftLimit } from '../model/model.ts'
import { type Code, elementary, local, vector } from './code/code.ts'
import { type Coordinates, type Index, passingSlot, type VectorUse } from './coordinates.ts'
import type { Draws } from './draws.ts'
import * as read from './readings.ts'
import { ShapeWriter } from './shapes.ts'
import type { Writer } from './writer.ts'

/** Inputs of the drift entries. All of them are computed from theta_n, before the first entry acts. */
export interface DriftInputs {
  /** For each entry, the mask of the lanes in which the entry acts; null if the entry acts in both lanes. */
  readonly masks: readonly (Code | null)[]
  /** sqrt(max(L, 0)), if an entry is loss-scaled. */
  readonly rootOfLoss: Code | null
}

/**
 * What a drift entry changes: the gradient, theta or the step size. Each function must be called once for each
 * coordinate, in order, because it may emit code that draws random numbers.
 */
export interface Action {
  /** g' from g. */
  readonly gradient?: (i: Index, g: Code) => Code
  /** The term that is added to theta after the rule has computed the new theta. */
  readonly step?: (i: Index) => Code
  /** The step size of this step after the entry has acted. */
  readonly eta?: Code
}

export interface DriftUse {
  readonly coordinates: Coordinates
  readonly draws: Draws
  readonly asked: DriftInputs
}

export class DriftWriter {
  private readonly shapes: ShapeWriter

  constructor(
    private readonly of: VectorUse & { readonly lanes: number },
    private readonly writer: Writer,
    private readonly using: DriftUse,
  ) {
    this.shapes = new ShapeWriter(of, writer)
  }

  act(entry: Drift, index: number, scale: Code, eta: Code): Action {
    const { writer } = this
    const mask = this.using.asked.masks[index]!
    const pick = (acting: Code, resting: Code) =>
      mask === null ? acting : writer.local(vector`v128.bitselect(${acting}, ${resting}, ${mask})`)
    const change = (of: (i: Index, g: Code) => Code): Action => ({ gradient: (i, g) => pick(of(i, g), g) })
    const add = (term: (i: Index) => Code) => change((i, g) => writer.local(vector`f64x2.add(${g}, ${term(i)})`))
    const times = (a: Code, b: Code) => writer.local(vector`f64x2.mul(${a}, ${b})`)
    switch (entry.form) {
      case 'additive': {
        const xi = this.tilted(this.vector(entry, index))
        if (entry.scale === 'sigma') return add((i) => times(scale, xi(i)))
        const scaleAt = entry.scale === 'temperature' ? this.byLayer(scale) : () => scale
        return { step: (i) => times(scaleAt(i), xi(i)) }
      }
      case 'loss-scaled': {
        const amount = times(scale, this.using.asked.rootOfLoss!)
        const xi = this.vector(entry, index)
        return add((i) => times(amount, xi(i)))
      }
      case 'multiplicative': {
        const xi = this.vector(entry, index)
        return change((i, g) => times(g, this.onePlus(times(scale, xi(i)))))
      }
      case 'anisotropic': {
        const xi = this.vector(entry, index)
        const product = this.shapes.product(index, entry.shape, this.using.coordinates, xi)
        return add((i) => times(scale, product(i)))
      }
      case 'rate':
        return {
          eta: pick(times(eta, this.onePlus(times(scale, this.using.draws.draw(entry.law, index)))), eta),
        }
      case 'flip': {
        const flips = writer.local(vector`f64x2.lt(${this.using.draws.fraction()}, ${scale})`)
        return change((_, g) => writer.local(vector`v128.bitselect(f64x2.neg(${g}), ${g}, ${flips})`))
      }
      case 'rotation': {
        const turned = this.rotation(times(scale, this.using.draws.draw(entry.law, index)))
        return change(turned)
      }
    }
  }

  /**
   * Returns the noise of a coordinate: xi, plus a shift in the lanes that are tilted. Every lane, tilted or not,
   * accumulates log(p / q), where p is the density of the noise with the shift, and q is the density without the shift.
   */
  private tilted(xi: (i: Index) => Code): (i: Index) => Code {
    const { writer } = this
    const { model } = this.of
    if (model.shifts.length === 0) return xi
    const tilted = local(`tilted_${this.of.lanes}`)
    const ratio = local(`ratio_${this.of.lanes}`)
    return (i) => {
      const zeta = xi(i)
      const shift = writer.value(model.shifts[Number(i)]!)
      const within = writer.local(vector`f64x2.lt(f64x2.abs(${shift}), ${writer.literal(shiftLimit)})`)
      const u = writer.local(vector`v128.and(${shift}, ${within})`)
      const x = writer.local(vector`f64x2.add(${zeta}, v128.and(${u}, ${tilted}))`)
      const half = writer.local(vector`f64x2.mul(f64x2.mul(${writer.literal(0.5)}, ${u}), ${u})`)
      writer.assign(ratio, vector`f64x2.add(${ratio}, f64x2.sub(f64x2.mul(${u}, ${x}), ${half}))`)
      return x
    }
  }

  /** With the scale `temperature`, the factor f of eta gives noise the factor sqrt(f). */
  private byLayer(scale: Code): (i: Index) => Code {
    const { writer } = this
    if (this.of.model.cell.update.etaByLayer === undefined) return () => scale
    const roots = this.of.scope.numbers.array('roots of eta by layer', read.etaRoots)
    return (i) => writer.local(vector`f64x2.mul(${scale}, ${this.using.coordinates.walk.number(roots, i)})`)
  }

  private onePlus(x: Code): Code {
    return this.writer.local(vector`f64x2.add(${this.writer.literal(1)}, ${x})`)
  }

  /**
   * Returns a function that emits the code for the noise xi of a coordinate. The function must be called once for each
   * coordinate, in order.
   */
  private vector(vectorLaw: VectorLaw, index: number): (i: Index) => Code {
    const { writer } = this
    const { draws } = this.using
    const { law } = vectorLaw
    const joint = jointLaw(vectorLaw)
    if (joint === 'independent') return () => draws.draw(law, index)
    if (joint === 'mixture') {
      const factor = draws.mixing(law, index)
      return () => writer.local(vector`f64x2.mul(${factor}, ${draws.normal()})`)
    }
    const { dimension } = this.of.model
    const z = this.normals()
    const square = this.using.coordinates.walk.sumOfSquares((i) => z.get(i))
    const product = (a: Code, b: Code) => writer.local(vector`f64x2.mul(${a}, ${b})`)
    const radius = (squared: number) =>
      writer.local(vector`f64x2.sqrt(f64x2.div(${writer.literal(squared)}, ${square}))`)
    const factor =
      joint === 'sphere'
        ? radius(dimension)
        : product(radius(dimension + 2), elementary('power', draws.fraction(), writer.literal(1 / dimension)))
    return (i) => product(factor, z.get(i))
  }

  private normals() {
    const z = this.using.coordinates.scratch(passingSlot)
    this.using.coordinates.walk.each((i) => z.set(i, this.using.draws.normal()))
    return z
  }

  /**
   * g rotated by the angle, in the plane that g spans with a vector z of standard normal numbers. If g and z do not
   * span a plane, g is unchanged.
   */
  private rotation(angle: Code): (i: Index, g: Code) => Code {
    const { writer } = this
    const { walk, gradient } = this.using.coordinates
    const z = this.normals()
    const along = walk.sum((i) => writer.local(vector`f64x2.mul(${z.get(i)}, ${gradient.get(i)})`))
    const length = walk.sumOfSquares((i) => gradient.get(i))
    const share = writer.local(vector`f64x2.div(${along}, ${length})`)
    walk.each((i) => z.set(i, vector`f64x2.sub(${z.get(i)}, f64x2.mul(${gradient.get(i)}, ${share}))`))
    const across = walk.sumOfSquares((i) => z.get(i))
    const plane = writer.local(
      vector`v128.and(f64x2.gt(${length}, f64x2.splat(0)), f64x2.gt(${across}, f64x2.splat(0)))`,
    )
    const ratio = writer.local(vector`f64x2.div(f64x2.sqrt(${length}), f64x2.sqrt(${across}))`)
    const sine = writer.local(vector`f64x2.mul(${elementary('sin', angle)}, ${ratio})`)
    const cosine = writer.local(elementary('cos', angle))
    return (i, g) => {
      const turned = writer.local(vector`f64x2.add(f64x2.mul(${cosine}, ${g}), f64x2.mul(${sine}, ${z.get(i)}))`)
      return writer.local(vector`v128.bitselect(${turned}, ${g}, ${plane})`)
    }
  }
}
