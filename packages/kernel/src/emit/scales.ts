import type { Expression } from '@driftfarm/formula'
import { stepsTaken } from '../model/rule.ts'
import type { Scales } from '../model/schedule.ts'
import { tableLength } from '../run/memory.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { Writer } from './writer.ts'

/** Step sizes, drift scales and parts of the rule in the step loop: constants, or functions of n that are tabulated. */
export class ScaleWriter {
  /** Its prologue computes the constants. */
  readonly scope: Scope
  /** Those that change with n. */
  readonly varying: readonly Expression[]
  private readonly writer: Writer

  constructor(
    private readonly scales: Scales,
    rule: { readonly scales: readonly Expression[]; readonly parameters: ReadonlyMap<string, number> },
    private readonly numbers: Numbers,
    /** Whether trials warm up: their steps count up to 0 first, and n stays 0 meanwhile. */
    private readonly warms: boolean,
  ) {
    this.scope = new Scope(numbers, new Map([...scales.parameters, ...rule.parameters]), 's')
    const terms = this.scope.terms
    const changing = ['n', stepsTaken, ...scales.pieces.keys()]
    const changes = (names: ReadonlySet<string>) => changing.some((name) => names.has(name))
    const all = [scales.eta, ...scales.drift, ...rule.scales].filter((scale) => changes(terms.of(scale).names))
    this.varying = [...new Map(all.map((scale) => [terms.of(scale).id, scale] as const)).values()]
    this.writer = this.writerIn(this.scope, () => '')
  }

  private writerIn(scope: Scope, named: (name: string) => string): Writer {
    return new Writer(scope, {
      name: (name) => {
        if (name === 'n' || name === stepsTaken) return named(name)
        const pieces = this.scales.pieces.get(name)
        if (pieces === undefined) return null
        const at = this.numbers.array(`pieces ${name}`, pieces.flat())
        return `piecewise(${named('n')}, NUMBERS + ${8 * at}, ${pieces.length})`
      },
      element: () => '',
    })
  }

  /** Both lanes of a scale at the step that `vector` is about to take. */
  at(scale: Expression, vector: number): string {
    const { terms } = this.scope
    const index = this.varying.findIndex((other) => terms.of(other).id === terms.of(scale).id)
    return index < 0 ? this.writer.value(scale) : `scale${index}_${vector}`
  }

  /** Lines before the loop: whether the tables reach far enough, and where each lane stands, by the steps it has taken. */
  before(vectors: number): string[] {
    if (this.varying.length === 0) return []
    const lines = [`let tabled = limit <= ${tableLength}`]
    if (this.warms) lines.push('const warmup = <i64>load<f64>(WARMUP_STEPS)')
    for (let vector = 0; vector < vectors; vector++) {
      const at = (half: 0 | 1) => `load<i64>(STEPS, ${16 * vector + 8 * half})${this.warms ? ' + warmup' : ''}`
      lines.push(
        `tabled = tabled && ${at(0)} + limit <= ${tableLength} && ${at(1)} + limit <= ${tableLength}`,
        `let first${vector} = TABLES + (<usize>(${at(0)}) << 3)`,
        `let second${vector} = TABLES + (<usize>(${at(1)}) << 3)`,
        `let taken${vector} = f64x2.replace_lane(f64x2.splat(<f64>(${at(0)})), 1, <f64>(${at(1)}))`,
      )
    }
    return lines
  }

  /** Lines of the loop, before a vector takes its step. */
  step(vector: number): string[] {
    const lines = this.varying.map((_, index) => {
      const offset = index * tableLength * 8
      const looked = `v128.load64_lane(second${vector}, v128.load64_zero(first${vector}, ${offset}), 1, ${offset})`
      return `const scale${index}_${vector} = tabled ? ${looked} : scale${index}(taken${vector})`
    })
    if (this.varying.length > 0) {
      lines.push(
        `first${vector} += 8`,
        `second${vector} += 8`,
        `taken${vector} = f64x2.add(taken${vector}, f64x2.splat(1))`,
      )
    }
    return lines
  }

  /** The functions, of the steps taken, and `tabulate`, which fills the tables up to the horizon. */
  functions(): string[] {
    const lines: string[] = []
    const { parameters } = this.scope
    this.varying.forEach((scale, index) => {
      const scope = new Scope(this.numbers, parameters)
      const writer = this.writerIn(scope, (name) => (this.warms && name === 'n' ? 'n' : 'taken'))
      const value = writer.value(scale)
      lines.push(`function scale${index}(taken: v128): v128 {`)
      if (this.warms) {
        const past = 'f64x2.sub(taken, v128.load64_splat(WARMUP_STEPS))'
        lines.push(`  const n = f64x2.pmax(${past}, f64x2.splat(0))`)
      }
      lines.push(
        ...[...scope.prologue.lines, ...writer.body.lines, `return ${value}`].map((line) => `  ${line}`),
        '}',
        '',
      )
    })
    lines.push('export function tabulate(): void {')
    if (this.varying.length > 0) {
      lines.push(
        `  const end = min<i64>(load<i64>(HORIZON)${this.warms ? ' + <i64>load<f64>(WARMUP_STEPS)' : ''}, ${tableLength})`,
        '  for (let i: i64 = 0; i < end; i += 2) {',
        '    const taken = f64x2.replace_lane(f64x2.splat(<f64>i), 1, <f64>(i + 1))',
        '    const at = TABLES + (<usize>i << 3)',
        ...this.varying.map((_, index) => `    v128.store(at, scale${index}(taken), ${index * tableLength * 8})`),
        '  }',
      )
    }
    lines.push('}', '')
    return lines
  }
}
