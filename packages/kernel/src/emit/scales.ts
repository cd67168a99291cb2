import type { Expression } from '@driftfarm/formula'
import { tableLength } from '../memory/shape.ts'
import { stepsTaken } from '../model/rule.ts'
import type { Scales } from '../model/schedule.ts'
import { type Code, code, type Local, local, vector } from './code/code.ts'
import { type FunctionCode, functionCode } from './code/function.ts'
import { assignment, constant, effect, nest, pinned, type Statement, variable } from './code/statement.ts'
import type { Numbers } from './numbers.ts'
import { piecesNamed } from './readings.ts'
import { none } from './rule.ts'
import { Scope } from './scope.ts'
import { Writer } from './writer.ts'

/** The number of steps that `advance` may take. */
export const limit = local('limit', 'i64')
/** Whether the tables of scales cover every step that `advance` may take. */
const tabled = local('tabled', null)
const warmup = local('warmup', null)
const taken = local('taken')
const stepOfTrial = local('n')

/**
 * Writes the scales for the loop over steps: step size, drift scales, and parts of the rule that vary only with n. A
 * scale is a constant or a tabulated function of n.
 */
export class ScaleWriter {
  readonly scope: Scope
  readonly varying: readonly Expression[]
  private readonly writer: Writer

  constructor(
    private readonly scales: Scales,
    rule: { readonly scales: readonly Expression[]; readonly parameters: ReadonlyMap<string, number> },
    private readonly numbers: Numbers,
    /**
     * Whether trials have a warm-up. During the warm-up, the step counter is below 0, and n is 0.
     */
    private readonly warms: boolean,
  ) {
    this.scope = new Scope(numbers, new Map([...scales.parameters, ...rule.parameters]), 's')
    const terms = this.scope.terms
    const changing = ['n', stepsTaken, ...scales.pieces.keys()]
    const changes = (names: ReadonlySet<string>) => changing.some((name) => names.has(name))
    const all = [scales.eta, ...scales.drift, ...rule.scales].filter((scale) => changes(terms.of(scale).names))
    this.varying = [...new Map(all.map((scale) => [terms.of(scale).id, scale] as const)).values()]
    this.writer = this.writerIn(this.scope, none)
  }

  private writerIn(scope: Scope, named: (name: string) => Code): Writer {
    return new Writer(scope, {
      name: (name) => {
        if (name === 'n' || name === stepsTaken) return named(name)
        const pieces = this.scales.pieces.get(name)
        if (pieces === undefined) return null
        const at = this.numbers.array(`pieces ${name}`, piecesNamed(name))
        return code`piecewise(${named('n')}, NUMBERS + ${8 * at}, ${pieces.length})`
      },
      element: none,
    })
  }

  /** Code for a scale in the next step of vector number `lanes`, as a v128 with one value for each lane. */
  at(scale: Expression, lanes: number): Code {
    const { terms } = this.scope
    const index = this.varying.findIndex((other) => terms.of(other).id === terms.of(scale).id)
    return index < 0 ? this.writer.value(scale) : scaleIn(index, lanes)
  }

  /**
   * Statements before the loop over steps. They compute whether the tables contain all steps of the loop, and the
   * position of each lane in the tables. The position is the number of steps that the lane has taken.
   */
  before(vectors: number): Statement[] {
    if (this.varying.length === 0) return []
    const statements = [variable(tabled, code`${limit} <= ${tableLength}`)]
    if (this.warms) statements.push(constant(warmup, code`<i64>load<f64>(WARMUP_STEPS)`))
    for (let lanes = 0; lanes < vectors; lanes++) {
      const at = (half: 0 | 1) => {
        const steps = code`load<i64>(STEPS, ${16 * lanes + 8 * half})`
        return this.warms ? code`${steps} + ${warmup}` : steps
      }
      const reaches = (half: 0 | 1) => code`${at(half)} + ${limit} <= ${tableLength}`
      const { first, second, taken } = placesOf(lanes)
      statements.push(
        assignment(tabled, code`${tabled} && ${reaches(0)} && ${reaches(1)}`),
        variable(first, code`TABLES + (<usize>(${at(0)}) << 3)`),
        variable(second, code`TABLES + (<usize>(${at(1)}) << 3)`),
        variable(taken, vector`f64x2.replace_lane(f64x2.splat(<f64>(${at(0)})), 1, <f64>(${at(1)}))`),
      )
    }
    return statements
  }

  /** Statements in the loop, before a vector takes its step. */
  step(lanes: number): Statement[] {
    if (this.varying.length === 0) return []
    const { first, second, taken } = placesOf(lanes)
    const scales = this.varying.map((_, index) => {
      const offset = index * tableLength * 8
      const looked = code`v128.load64_lane(${second}, v128.load64_zero(${first}, ${offset}), 1, ${offset})`
      return constant(scaleIn(index, lanes), code`${tabled} ? ${looked} : scale${index}(${taken})`)
    })
    return [
      ...scales,
      pinned(code`${first} += 8`),
      pinned(code`${second} += 8`),
      assignment(taken, vector`f64x2.add(${taken}, f64x2.splat(1))`),
    ]
  }

  /**
   * Returns a function for each scale that changes with n, which computes the scale from the number of steps taken.
   * Also returns `tabulate`, which fills the tables up to the horizon, or up to `tableLength` steps if the horizon is
   * longer.
   */
  functions(): FunctionCode[] {
    const { parameters } = this.scope
    const scales = this.varying.map((scale, index) => {
      const scope = new Scope(this.numbers, parameters)
      const writer = this.writerIn(scope, (name) => (this.warms && name === 'n' ? stepOfTrial : taken))
      const value = writer.value(scale)
      const past = vector`f64x2.sub(${taken}, v128.load64_splat(WARMUP_STEPS))`
      const begin = this.warms ? [constant(stepOfTrial, vector`f64x2.pmax(${past}, f64x2.splat(0))`)] : []
      return functionCode(`function scale${index}`, [taken], 'v128', [
        ...begin,
        ...scope.prologue.statements,
        ...writer.body.statements,
        pinned(code`return ${value}`),
      ])
    })
    return [...scales, functionCode('export function tabulate', [], 'void', this.tabulate())]
  }

  private tabulate(): Statement[] {
    if (this.varying.length === 0) return []
    const [end, i, at] = [local('end', null), local('i', 'i64'), local('at', null)]
    const steps = code`load<i64>(HORIZON)${this.warms ? ' + <i64>load<f64>(WARMUP_STEPS)' : ''}`
    return [
      constant(end, code`min<i64>(${steps}, ${tableLength})`),
      nest(
        code`for (let ${i}: i64 = 0; ${i} < ${end}; ${i} += 2)`,
        [
          constant(taken, vector`f64x2.replace_lane(f64x2.splat(<f64>${i}), 1, <f64>(${i} + 1))`),
          constant(at, code`TABLES + (<usize>${i} << 3)`),
          ...this.varying.map((_, index) =>
            effect(code`v128.store(${at}, scale${index}(${taken}), ${index * tableLength * 8})`),
          ),
        ],
        [i],
      ),
    ]
  }
}

function scaleIn(index: number, lanes: number): Local {
  return local(`scale${index}_${lanes}`, null)
}

/**
 * `first` and `second` are the addresses from which the two lanes of a vector read the tables. `taken` holds the number
 * of steps that each lane has taken.
 */
function placesOf(lanes: number) {
  const [first, second, taken] = [local(`first${lanes}`, null), local(`second${lanes}`, null), local(`taken${lanes}`)]
  return { first, second, taken }
}
