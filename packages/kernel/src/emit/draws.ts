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

  /** A draw of both lanes. */
  draw(law: Law): string {
    const bits = this.bits()
    if (law.kind !== 'gaussian') return this.writer.local(`${law.kind}(${bits})`)
    const { writer } = this
    const offset = writer.local(`layerOffset(${bits})`)
    const first = writer.local(`layerAt(i32x4.extract_lane(${offset}, 0))`)
    const second = writer.local(`layerAt(i32x4.extract_lane(${offset}, 2))`)
    const fraction = writer.local(`fraction(${bits})`)
    const outside = writer.local(`f64x2.ge(${fraction}, ratios(${first}, ${second}))`)
    const xi = writer.variable(`signed(f64x2.mul(${fraction}, widths(${first}, ${second})), ${bits})`)
    writer.line(`if (i64x2.bitmask(${outside}) != 0) {`)
    for (const line of this.stores()) writer.line(`  ${line}`)
    writer.line(`  ${xi} = repair(${this.base}, ${bits}, ${xi}, ${outside})`)
    for (const [i, s] of this.state.entries()) writer.line(`  ${s} = v128.load(${this.base}, ${16 * i})`)
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
