import type { NetworkLandscape } from '@driftfarm/spec'
import { layersOf } from '../network.ts'

const samples = [0, 1, 2, 3] as const

/** Weights and biases up to which a network is written out: 2-4-1 then takes two thirds of the time that its loops take. */
const LARGEST_WRITTEN_OUT = 48

export function isSmall({ dimension }: NetworkLandscape): boolean {
  return dimension <= LARGEST_WRITTEN_OUT
}

/** Addresses of the rows of a tile of samples, by layer. */
export interface Rows {
  values(layer: number, unit: number): number
  before(layer: number, unit: number): number
  target(unit: number): number
}

/**
 * The layers of a small network over one block of four samples, without loops: `s` is where the block is in its rows. Inputs
 * and targets are in rows, or, if `shared`, in the data from `x` on. The same operations in the same order as the loops of
 * `assembly/forward.ts` and `assembly/gradientSums.ts`.
 */
export class SmallNetwork {
  readonly #landscape: NetworkLandscape
  readonly #rows: Rows
  readonly #shared: boolean

  constructor(landscape: NetworkLandscape, rows: Rows, shared: boolean) {
    this.#landscape = landscape
    this.#rows = rows
    this.#shared = shared
  }

  forward(): string[] {
    const { layers, biases } = this.#landscape
    const rows = this.#rows
    const lines: string[] = []
    for (const [k, { offset, inputs, outputs, weights }] of layersOf(this.#landscape).entries()) {
      for (let j = 0; j < inputs; j++) lines.push(...this.#inputs(k, j))
      for (let i = 0; i < outputs; i++) {
        const z = `z${k}_${i}`
        const terms = Array.from({ length: inputs }, (_, j) => `w${k}_${i}_${j}`)
        for (const [j, w] of terms.entries()) lines.push(`const ${w} = ${loadTheta(offset + i * inputs + j)}`)
        if (biases) lines.push(`const b${k}_${i} = ${loadTheta(offset + weights + i)}`)
        for (const c of samples) {
          const products = terms.map((w, j) => `f64x2.mul(${w}, x${k}_${j}_${c})`)
          const sum = addUp(biases ? [`b${k}_${i}`, ...products] : products)
          lines.push(`const ${z}_${c} = ${sum}`, `v128.store(s, ${z}_${c}, ${rows.before(k, i) + 16 * c})`)
        }
        if (k < layers.length - 2) {
          lines.push(`activateFour(s + ${rows.before(k, i)}, s + ${rows.values(k + 1, i)})`)
        }
      }
    }
    return lines
  }

  /** From the outputs (softmax: from their errors) to the sums of the gradient. */
  backward(): string[] {
    const { layers, biases, output } = this.#landscape
    const rows = this.#rows
    const lines: string[] = []
    const [last, width] = [layers.length - 2, layers.at(-1)!]
    if (output !== 'softmax') {
      for (let i = 0; i < width; i++) {
        for (const c of samples) lines.push(`errorOne(s + ${rows.before(last, i) + 16 * c}, ${this.#target(i, c)})`)
      }
    }
    for (const [k, { offset, inputs, outputs, weights }] of [...layersOf(this.#landscape).entries()].reverse()) {
      const add = (coordinate: number, terms: readonly string[]) => {
        const at = `gradient, ${16 * coordinate}`
        lines.push(`v128.store(gradient, ${addUp([`v128.load(${at})`, ...terms])}, ${16 * coordinate})`)
      }
      for (let j = 0; j < inputs; j++) lines.push(...this.#inputs(k, j))
      for (let i = 0; i < outputs; i++) {
        lines.push(...loadFour(`d${k}_${i}`, rows.before(k, i)))
        for (let j = 0; j < inputs; j++) {
          add(
            offset + i * inputs + j,
            samples.map((c) => `f64x2.mul(d${k}_${i}_${c}, x${k}_${j}_${c})`),
          )
        }
        if (biases) {
          add(
            offset + weights + i,
            samples.map((c) => `d${k}_${i}_${c}`),
          )
        }
      }
      for (let j = 0; k > 0 && j < inputs; j++) {
        const terms = Array.from({ length: outputs }, (_, i) => `w${k}_${i}_${j}`)
        for (const [i, w] of terms.entries()) lines.push(`const ${w} = ${loadTheta(offset + i * inputs + j)}`)
        for (const c of samples) {
          const sum = addUp(terms.map((w, i) => `f64x2.mul(${w}, d${k}_${i}_${c})`))
          lines.push(`deltaOne(${sum}, x${k}_${j}_${c}, s + ${rows.before(k - 1, j) + 16 * c})`)
        }
      }
    }
    return lines
  }

  /** What unit j of a layer takes in, sample by sample. */
  #inputs(k: number, j: number): string[] {
    if (k > 0 || !this.#shared) return loadFour(`x${k}_${j}`, this.#rows.values(k, j))
    return samples.map((c) => `const x${k}_${j}_${c} = ${this.#datum(j, c)}`)
  }

  #target(unit: number, c: number): string {
    return this.#shared
      ? this.#datum(this.#landscape.layers[0]! + unit, c)
      : `v128.load(s, ${this.#rows.target(unit) + 16 * c})`
  }

  #datum(column: number, c: number): string {
    const columns = this.#landscape.layers[0]! + this.#landscape.layers.at(-1)!
    return `v128.load64_splat(x, ${8 * (c * columns + column)})`
  }
}

function loadFour(name: string, row: number): string[] {
  return samples.map((c) => `const ${name}_${c} = v128.load(s, ${row + 16 * c})`)
}

function loadTheta(coordinate: number): string {
  return `v128.load(theta, ${16 * coordinate})`
}

/** Left to right. */
function addUp(terms: readonly string[]): string {
  return terms.reduce((total, term) => `f64x2.add(${total}, ${term})`)
}
