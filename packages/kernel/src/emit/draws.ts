import { type Law, lawNumber } from '@driftfarm/spec'
import { type Draw, formulaOf, laws } from '../laws/laws.ts'
import { type Code, code, type Local, listed, vector } from './code/code.ts'
import { assignment, choice, effect, type Statement, variable } from './code/statement.ts'
import { lawNumberOf } from './readings.ts'
import type { Scope } from './scope.ts'
import type { Writer } from './writer.ts'

/**
 * Emits the random draws of one vector of lanes: the generator xoshiro256++, and the first attempt at each normal
 * number. (If this attempt is rejected, `assembly/normal.ts` makes further attempts.) Between `open` and `close` the
 * state of the generator is in locals, so that draws do not wait for memory. With locals, a draw takes 3 instead of
 * 7 ns per coordinate in large dimensions.
 */
export class Draws {
  private readonly state: readonly [Local, Local, Local, Local]

  constructor(
    scope: Scope,
    private readonly writer: Writer,
    /** Address of the vector of lanes, where the state is stored. */
    private readonly base: Code,
  ) {
    this.state = [scope.next(), scope.next(), scope.next(), scope.next()]
  }

  open(): void {
    for (const [i, s] of this.state.entries()) this.writer.push(variable(s, vector`v128.load(${this.base}, ${16 * i})`))
  }

  close(): void {
    this.writer.push(...this.stores())
  }

  private stores(): Statement[] {
    return this.state.map((s, i) => effect(code`v128.store(${this.base}, ${s}, ${16 * i})`))
  }

  private loads(): Statement[] {
    return this.state.map((s, i) => assignment(s, vector`v128.load(${this.base}, ${16 * i})`))
  }

  /**
   * A draw of one coordinate, in both lanes, from the distribution of a drift entry. For `sphere` and `ball`, the draw
   * is from their distribution in dimension one. The parameter of the distribution (nu or alpha) may differ between
   * cells, so the code reads it at run time.
   */
  draw(law: Law, entry: number): Code {
    const { draw } = laws[law.kind]
    return draw === null ? this.normal() : this.drawn(draw, law, entry)
  }

  /** sqrt(A) for the mixing variable A of a Gaussian scale mixture xi = z sqrt(A). */
  mixing(law: Law, entry: number): Code {
    return this.drawn(laws[law.kind].mixing!, law, entry)
  }

  private drawn(draw: Draw, law: Law, entry: number): Code {
    const { writer } = this
    const parameter = lawNumber(law) === null ? [] : [writer.named(`law ${entry}`, lawNumberOf(entry))]
    if ('formula' in draw) {
      const given = formulaOf(draw.formula).takes.map((each) => (each === 'z' ? this.normal() : this.bits()))
      return writer.local(code`${{ kind: 'law', name: draw.formula }}(${listed([...given, ...parameter])})`)
    }
    writer.push(...this.stores())
    const number = writer.local(code`laws.${draw.runtime}(${listed([this.base, ...parameter])})`)
    writer.push(...this.loads())
    return number
  }

  /** The next draw as a fraction in (0, 1): an odd multiple of 2^-53. */
  fraction(): Code {
    return this.writer.local(code`fraction(${this.bits()})`)
  }

  normal(): Code {
    const { writer } = this
    const bits = this.bits()
    const offset = writer.local(code`layerOffset(${bits})`)
    const first = writer.local(code`layerAt(i32x4.extract_lane(${offset}, 0))`)
    const second = writer.local(code`layerAt(i32x4.extract_lane(${offset}, 2))`)
    const fraction = writer.local(code`fraction(${bits})`)
    const outside = writer.local(vector`f64x2.ge(${fraction}, ratios(${first}, ${second}))`)
    const xi = writer.variable(code`signed(f64x2.mul(${fraction}, widths(${first}, ${second})), ${bits})`)
    const repaired = assignment(xi, code`repair(${this.base}, ${bits}, ${xi}, ${outside})`)
    writer.push(choice(code`i64x2.bitmask(${outside}) != 0`, [...this.stores(), repaired, ...this.loads()], null))
    return xi
  }

  private bits(): Code {
    const [s0, s1, s2, s3] = this.state
    const bits = this.writer.local(code`output(${s0}, ${s3})`)
    const t = this.writer.local(vector`i64x2.shl(${s1}, 17)`)
    this.writer.assign(s2, vector`v128.xor(${s2}, ${s0})`)
    this.writer.assign(s3, vector`v128.xor(${s3}, ${s1})`)
    this.writer.assign(s1, vector`v128.xor(${s1}, ${s2})`)
    this.writer.assign(s0, vector`v128.xor(${s0}, ${s3})`)
    this.writer.assign(s2, vector`v128.xor(${s2}, ${t})`)
    this.writer.assign(s3, vector`rotate(${s3}, 45)`)
    return bits
  }
}
