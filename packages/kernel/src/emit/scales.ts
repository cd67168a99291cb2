import type { Expression } from '@driftfarm/formula'
import { tableLength } from '../memory.ts'
import type { Scales } from '../schedule.ts'
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
    scales: Scales,
    rule: { readonly scales: readonly Expression[]; readonly parameters: ReadonlyMap<string, number> },
    private readonly numbers: Numbers,
    /** Whether n stays 0 in lanes whose steps are negative. */
    private readonly warms: boolean,
  ) {
    this.scope = new Scope(numbers, new Map([...scales.parameters, ...rule.parameters]), 's')
    const terms = this.scope.terms
    const all = [scales.eta, ...scales.drift, ...rule.scales].filter((scale) => terms.of(scale).names.has('n'))
    this.varying = [...new Map(all.map((scale) => [terms.of(scale).id, scale] as const)).values()]
    this.writer = this.writerIn(this.scope, '')
  }

  private writerIn(scope: Scope, n: string): Writer {
    return new Writer(scope, { name: (name) => (name === 'n' ? n : null), element: () => '' })
  }

  /** Both lanes of a scale at the step that `vector` is about to take. */
  at(scale: Expression, vector: number): string {
    const { terms } = this.scope
    const index = this.varying.findIndex((other) => terms.of(other).id === terms.of(scale).id)
    return index < 0 ? this.writer.value(scale) : `scale${index}_${vector}`
  }

  /** Lines before the loop: whether the tables reach far enough, and where each lane stands. */
  before(vectors: number): string[] {
    if (this.varying.length === 0) return []
    const lines = [`let tabled = limit <= ${tableLength}`]
    for (let vector = 0; vector < vectors; vector++) {
      const steps = (half: 0 | 1) => `load<i64>(STEPS, ${16 * vector + 8 * half})`
      const at = (half: 0 | 1) => (this.warms ? `max<i64>(${steps(half)}, 0)` : steps(half))
      lines.push(
        `tabled = tabled && ${at(0)} + limit <= ${tableLength} && ${at(1)} + limit <= ${tableLength}`,
        ...(this.warms ? onward(vector, steps) : []),
        `let first${vector} = TABLES + (<usize>${at(0)} << 3)`,
        `let second${vector} = TABLES + (<usize>${at(1)} << 3)`,
        `let n_${vector} = f64x2.replace_lane(f64x2.splat(<f64>${at(0)}), 1, <f64>${at(1)})`,
      )
    }
    return lines
  }

  /** Lines of the loop, before a vector takes its step. */
  step(vector: number): string[] {
    const lines = this.varying.map((_, index) => {
      const offset = index * tableLength * 8
      const looked = `v128.load64_lane(second${vector}, v128.load64_zero(first${vector}, ${offset}), 1, ${offset})`
      return `const scale${index}_${vector} = tabled ? ${looked} : scale${index}(n_${vector})`
    })
    if (this.varying.length > 0) {
      const [first, second, n] = this.warms
        ? [`firstBy${vector}`, `secondBy${vector}`, `onward_${vector}`]
        : ['8', '8', 'f64x2.splat(1)']
      lines.push(
        `first${vector} += ${first}`,
        `second${vector} += ${second}`,
        `n_${vector} = f64x2.add(n_${vector}, ${n})`,
      )
    }
    return lines
  }

  /** The functions, and `tabulate`, which fills the tables up to the horizon. */
  functions(): string[] {
    const lines: string[] = []
    const { parameters } = this.scope
    this.varying.forEach((scale, index) => {
      const scope = new Scope(this.numbers, parameters)
      const writer = this.writerIn(scope, 'n')
      const value = writer.value(scale)
      lines.push(`function scale${index}(n: v128): v128 {`)
      lines.push(
        ...[...scope.prologue.lines, ...writer.body.lines, `return ${value}`].map((line) => `  ${line}`),
        '}',
        '',
      )
    })
    lines.push('export function tabulate(): void {')
    if (this.varying.length > 0) {
      lines.push(
        `  const end = min<i64>(load<i64>(HORIZON), ${tableLength})`,
        '  for (let i: i64 = 0; i < end; i += 2) {',
        '    const n = f64x2.replace_lane(f64x2.splat(<f64>i), 1, <f64>(i + 1))',
        '    const at = TABLES + (<usize>i << 3)',
        ...this.varying.map((_, index) => `    v128.store(at, scale${index}(n), ${index * tableLength * 8})`),
        '  }',
      )
    }
    lines.push('}', '')
    return lines
  }
}

/** By how much the lanes of a vector go on in the tables: not at all in warmup. */
function onward(vector: number, steps: (half: 0 | 1) => string): string[] {
  const by = (half: 0 | 1) => `(${steps(half)} < 0 ? 0 : 8)`
  return [`const firstBy${vector}: usize = ${by(0)}`, `const secondBy${vector}: usize = ${by(1)}`]
}
