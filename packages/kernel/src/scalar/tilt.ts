import { elementary } from '@driftfarm/formula'
import { type Model, shiftLimit } from '../model/model.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'
import type { ScalarLandscape } from './landscape.ts'

/** Importance sampling by shifting the noise of a trial. */
export class Tilt {
  /**
   * Logarithm of the likelihood ratio of the noise drawn so far: its density under the tilted distribution, divided by
   * its density under the original distribution.
   */
  ratio = 0
  private tilted = false
  private readonly original: number

  constructor(
    private readonly model: Model,
    private readonly landscape: ScalarLandscape,
  ) {
    const { method } = model.cell
    this.original = method.kind === 'tilt' ? method.original : 0
  }

  get acts(): boolean {
    return this.model.shifts.length > 0
  }

  /** Must be called when a trial begins; `stream` is the auxiliary stream of the trial. */
  begin(stream: Xoshiro): void {
    this.tilted = stream.uniform() >= this.original
    this.ratio = 0
  }

  shifted(zeta: Float64Array, gradient: Float64Array): Float64Array {
    if (!this.acts) return zeta
    return zeta.map((z, i) => {
      const shift = this.landscape.shiftOf(i, gradient[i]!)
      const u = Math.abs(shift) < shiftLimit ? shift : 0
      const x = z + (this.tilted ? u : 0)
      this.ratio = this.ratio + (u * x - 0.5 * u * u)
      return x
    })
  }

  /**
   * The density of the noise under the original distribution, divided by the density of the noise under the mixture of
   * original and tilted distribution.
   */
  get weight(): number {
    return 1 / (this.original + (1 - this.original) * elementary.exp(this.ratio))
  }
}
