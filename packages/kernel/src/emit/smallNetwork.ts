import type { NetworkLandscape } from '@driftfarm/spec'
import { type Layer, layersOf } from '../model/network.ts'
import { rowsAt, tileOf } from './tile.ts'

const samples = [0, 1, 2, 3] as const

/**
 * A network with at most this many weights and biases is unrolled. Unrolled code takes a sixth less time for a 2-4-1
 * network.
 */
const LARGEST_WRITTEN_OUT = 48

export function isSmall({ dimension, dropout }: NetworkLandscape): boolean {
  return dimension <= LARGEST_WRITTEN_OUT && dropout === undefined
}

/**
 * The layers of a small network for one block of four samples, without loops. `s` is the offset of the block in the
 * rows of the tile. Inputs and targets are read from rows or, if `shared`, from the data at `x`. The operations and
 * their order are the same as in the loops of `assembly/forward.ts` and `assembly/gradientSums.ts`.
 */
export class SmallNetwork {
  private readonly layers: readonly Layer[]
  private readonly tile: ReturnType<typeof tileOf>
  private readonly rowAt: (index: number) => number

  /** The tile is at `work`. */
  constructor(
    private readonly landscape: NetworkLandscape,
    work: number,
    private readonly shared: boolean,
  ) {
    this.layers = layersOf(landscape)
    this.tile = tileOf(landscape)
    this.rowAt = rowsAt(landscape, work)
  }

  forward(): string[] {
    const code = new Locals()
    this.addForward(code)
    return code.lines
  }

  begin(): string[] {
    return this.coordinates((at) => `v128.store(gradient, f64x2.splat(NOTHING), ${at})`)
  }

  /**
   * Computes each coordinate of the gradient as `scale * sum + decay * theta`. For biases that are exempt from decay,
   * the gradient is `scale * sum`.
   */
  finish(): string[] {
    const { decayBias } = this.landscape
    return this.coordinates((at, isWeight) => {
      const sum = `f64x2.mul(scale, v128.load(gradient, ${at}))`
      const decayed = `f64x2.add(${sum}, f64x2.mul(decay, v128.load(theta, ${at})))`
      return `v128.store(gradient, ${isWeight || decayBias ? decayed : sum}, ${at})`
    })
  }

  /** Calls `line` with the offset of each coordinate, and with whether the coordinate is a weight. */
  private coordinates(line: (at: number, isWeight: boolean) => string): string[] {
    const { biases } = this.landscape
    return this.layers.flatMap(({ offset, outputs, weights }) =>
      Array.from({ length: weights + (biases ? outputs : 0) }, (_, i) => line(16 * (offset + i), i < weights)),
    )
  }

  /** The forward pass, and the backward pass that adds to the sums of the gradient. */
  gradient(): string[] {
    const code = new Locals()
    this.addForward(code)
    this.addBackward(code)
    return code.lines
  }

  private addForward(code: Locals): void {
    const { biases } = this.landscape
    for (const [k, { offset, inputs, outputs, weights }] of this.layers.entries()) {
      for (let i = 0; i < outputs; i++) {
        const terms = Array.from({ length: inputs }, (_, j) => {
          this.inputs(code, k, j)
          return code.define(`w${k}_${i}_${j}`, loadTheta(offset + i * inputs + j))
        })
        const bias = biases ? [code.define(`b${k}_${i}`, loadTheta(offset + weights + i))] : []
        for (const c of samples) {
          const products = terms.map((w, j) => `f64x2.mul(${w}, x${k}_${j}_${c})`)
          const z = code.define(`z${k}_${i}_${c}`, addUp([...bias, ...products]))
          code.line(`v128.store(s, ${z}, ${this.rowAt(this.tile.before[k]! + i) + 16 * c})`)
        }
        if (k < this.layers.length - 1) {
          const [z, a] = [this.rowAt(this.tile.before[k]! + i), this.rowAt(this.tile.values[k + 1]! + i)]
          code.line(`activateFour(s + ${z}, s + ${a})`)
        }
      }
    }
  }

  private addBackward(code: Locals): void {
    const { biases } = this.landscape
    const add = (coordinate: number, terms: readonly string[]) => {
      const offset = 16 * coordinate
      code.line(`v128.store(gradient, ${addUp([`v128.load(gradient, ${offset})`, ...terms])}, ${offset})`)
    }
    this.errors(code)
    for (const [k, { offset, inputs, outputs, weights }] of [...this.layers.entries()].reverse()) {
      for (let i = 0; i < outputs; i++) {
        const errors = samples.map((c) => `d${k}_${i}_${c}`)
        for (let j = 0; j < inputs; j++) {
          add(
            offset + i * inputs + j,
            errors.map((d, c) => `f64x2.mul(${d}, x${k}_${j}_${c})`),
          )
        }
        if (biases) add(offset + weights + i, errors)
      }
      for (let j = 0; k > 0 && j < inputs; j++) {
        for (const c of samples) {
          const products = Array.from({ length: outputs }, (_, i) => `f64x2.mul(w${k}_${i}_${j}, d${k}_${i}_${c})`)
          const slope = `slope(x${k}_${j}_${c}, s + ${this.rowAt(this.tile.before[k - 1]! + j) + 16 * c})`
          code.define(`d${k - 1}_${j}_${c}`, `f64x2.mul(${addUp(products)}, ${slope})`)
        }
      }
    }
  }

  /**
   * With softmax, each error depends on all outputs of the sample. Therefore, one call of `errors` stores all errors in
   * rows, and the errors are then loaded from the rows.
   */
  private errors(code: Locals): void {
    const { layers, output } = this.landscape
    const last = this.layers.length - 1
    const width = layers.at(-1)!
    const softmax = output === 'softmax'
    if (softmax) {
      const [first, targets] = [this.rowAt(this.tile.before[last]!), this.rowAt(this.tile.targets)]
      code.line(`errors(s + ${first}, s + ${targets}, s + ${this.rowAt(this.tile.errors)}, ${width}, 4)`)
    }
    for (let i = 0; i < width; i++) {
      for (const c of samples) {
        const error = softmax
          ? `v128.load(s, ${this.rowAt(this.tile.errors + i) + 16 * c})`
          : `errorOf(z${last}_${i}_${c}, ${this.target(i, c)})`
        code.define(`d${last}_${i}_${c}`, error)
      }
    }
  }

  private inputs(code: Locals, k: number, j: number): void {
    const row = this.rowAt(this.tile.values[k]! + j)
    for (const c of samples) {
      code.define(`x${k}_${j}_${c}`, k === 0 && this.shared ? this.datum(j, c) : `v128.load(s, ${row + 16 * c})`)
    }
  }

  private target(unit: number, c: number): string {
    return this.shared
      ? this.datum(this.landscape.layers[0]! + unit, c)
      : `v128.load(s, ${this.rowAt(this.tile.targets + unit) + 16 * c})`
  }

  private datum(column: number, c: number): string {
    const columns = this.landscape.layers[0]! + this.landscape.layers.at(-1)!
    return `v128.load64_splat(x, ${8 * (c * columns + column)})`
  }
}

/** Collects the lines of a function. A local that is already defined is not defined again. */
class Locals {
  readonly lines: string[] = []
  private readonly known = new Set<string>()

  define(name: string, code: string): string {
    if (!this.known.has(name)) this.lines.push(`const ${name} = ${code}`)
    this.known.add(name)
    return name
  }

  line(text: string): void {
    this.lines.push(text)
  }
}

function loadTheta(coordinate: number): string {
  return `v128.load(theta, ${16 * coordinate})`
}

/** Adds from left to right. */
function addUp(terms: readonly string[]): string {
  return terms.reduce((total, term) => `f64x2.add(${total}, ${term})`)
}
