import type { Law } from '@driftfarm/spec'
import type { Scope } from './scope.ts'
import type { Writer } from './writer.ts'

/**
 * Draws of one vector of lanes: xoshiro256++ with its state in locals between `open` and `close`, so that draws do not
 * wait for memory (a coordinate of a large dimension then takes 3 instead of 7 ns), and the first attempt of each law.
 */
export class Draws {
  private readonly state: readonly [string, string, string, string]

  constructor(
    scope: Scope,
    private readonly writer: Writer,
    /** Address of the vector, where its state is kept. */
    private readonly base: string,
  ) {
    this.state = [scope.next(), scope.next(), scope.next(), scope.next()]
  }

  open(): void {
    for (const [i, s] of this.state.entries()) this.writer.line(`let ${s} = v128.load(${this.base}, ${16 * i})`)
  }

  close(): void {
    for (const line of this.stores()) this.writer.line(line)
  }

  private stores(): string[] {
    return this.state.map((s, i) => `v128.store(${this.base}, ${s}, ${16 * i})`)
  }

  private loads(): string[] {
    return this.state.map((s, i) => `${s} = v128.load(${this.base}, ${16 * i})`)
  }

  /**
   * A draw of both lanes of a law of one coordinate; sphere and ball are those of dimension one. nu and alpha are a
   * number of the cell under `key`.
   */
  draw(law: Law, key: string): string {
    const { writer } = this
    switch (law.kind) {
      case 'gaussian':
        return this.normal()
      case 'student':
      case 'stable': {
        const [first, second] = [this.bits(), this.bits()]
        return writer.local(`${law.kind}(${first}, ${second}, ${this.parameter(law, key)})`)
      }
      case 'sphere':
        return writer.local(`rademacher(${this.bits()})`)
      case 'ball':
        return writer.local(`uniform(${this.bits()})`)
      default:
        return writer.local(`${law.kind}(${this.bits()})`)
    }
  }

  /** The root of the mixing variable A of a Gaussian scale mixture: xi = z sqrt(A). */
  mixing(law: Law, key: string): string {
    const { writer } = this
    switch (law.kind) {
      case 'laplace':
        return writer.local(`laplaceFactor(${this.bits()})`)
      case 'cauchy':
        return writer.local(`cauchyFactor(${this.normal()})`)
      case 'stable': {
        const [first, second] = [this.bits(), this.bits()]
        return writer.local(`stableFactor(${first}, ${second}, ${this.parameter(law, key)})`)
      }
      case 'student': {
        for (const line of this.stores()) writer.line(line)
        const factor = writer.local(`studentFactor(${this.base}, ${this.parameter(law, key)})`)
        for (const line of this.loads()) writer.line(line)
        return factor
      }
      default:
        throw new TypeError(`${law.kind} is no scale mixture`)
    }
  }

  /** The odd fraction in (0, 1) of a draw. */
  fraction(): string {
    return this.writer.local(`fraction(${this.bits()})`)
  }

  private parameter(law: Extract<Law, { readonly kind: 'student' | 'stable' }>, key: string): string {
    return this.writer.named(key, law.kind === 'student' ? law.nu : law.alpha)
  }

  normal(): string {
    const { writer } = this
    const bits = this.bits()
    const offset = writer.local(`layerOffset(${bits})`)
    const first = writer.local(`layerAt(i32x4.extract_lane(${offset}, 0))`)
    const second = writer.local(`layerAt(i32x4.extract_lane(${offset}, 2))`)
    const fraction = writer.local(`fraction(${bits})`)
    const outside = writer.local(`f64x2.ge(${fraction}, ratios(${first}, ${second}))`)
    const xi = writer.variable(`signed(f64x2.mul(${fraction}, widths(${first}, ${second})), ${bits})`)
    writer.line(`if (i64x2.bitmask(${outside}) != 0) {`)
    for (const line of this.stores()) writer.line(`  ${line}`)
    writer.line(`  ${xi} = repair(${this.base}, ${bits}, ${xi}, ${outside})`)
    for (const line of this.loads()) writer.line(`  ${line}`)
    writer.line('}')
    return xi
  }

  private bits(): string {
    const [s0, s1, s2, s3] = this.state
    const bits = this.writer.local(`output(${s0}, ${s3})`)
    const t = this.writer.local(`i64x2.shl(${s1}, 17)`)
    const changes = [
      [s2, `v128.xor(${s2}, ${s0})`],
      [s3, `v128.xor(${s3}, ${s1})`],
      [s1, `v128.xor(${s1}, ${s2})`],
      [s0, `v128.xor(${s0}, ${s3})`],
      [s2, `v128.xor(${s2}, ${t})`],
      [s3, `rotate(${s3}, 45)`],
    ]
    for (const [name, value] of changes) this.writer.line(`${name} = ${value}`)
    return bits
  }
}
