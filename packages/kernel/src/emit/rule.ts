import { type Expression, fold, freeNames, substitute, withChildren } from '@driftfarm/formula'
import type { Model } from '../model/model.ts'
import { newName, stepsTaken } from '../model/rule.ts'
import type { Code } from './code/code.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { Writer } from './writer.ts'

/** A rule with more tabulable parts than this gets no tables, because each table takes half a megabyte. */
const maxTables = 16

export interface RuleNames {
  readonly g: Code
  readonly theta: Code
  readonly states: readonly Code[]
  readonly eta: Code
  readonly n: Code
  /** The standard normal number that the rule draws; null if the rule does not draw. */
  readonly xi: Code | null
  scale(e: Expression): Code
}

export class RuleWriter {
  /** The scope whose prologue computes the constants of the rule. */
  readonly scope: Scope
  /**
   * The parts of the rule, mostly powers, that vary only with n or with the number of steps taken. These parts are
   * tabulated together with the step size.
   */
  readonly scales: readonly Expression[]
  /** Whether the rule uses n outside the tabulated parts. */
  readonly usesStep: boolean
  private readonly next: readonly Expression[]
  private readonly theta: Expression
  private readonly indices = new Map<string, number>()

  constructor(
    private readonly model: Model,
    numbers: Numbers,
  ) {
    const { rule, scales, cell } = model
    this.scope = new Scope(numbers, rule.parameters, 'r')
    const { drift, etaByLayer } = cell.update
    const etaVaries = etaByLayer !== undefined || drift.some(({ form }) => form === 'rate')
    const known = new Set([...rule.parameters.keys(), 'n', stepsTaken, ...(etaVaries ? [] : ['eta'])])
    const whole = [...rule.states.map(({ next }) => next), rule.theta]
    const found: Expression[] = []
    const parts = whole.map((e) => tabulable(e, known, found))
    const few = found.length <= maxTables
    const written = few ? parts : whole
    this.scales = few ? found.map((e) => substitute(e, new Map([['eta', scales.eta]]))) : []
    this.next = written.slice(0, -1)
    this.theta = written[written.length - 1]!
    for (const k of this.scales.keys()) this.indices.set(scaleName(k), k)
    this.usesStep = written.some((e) => freeNames(e).names.has('n'))
  }

  write(writer: Writer, names: RuleNames): { readonly states: readonly Code[]; readonly theta: Code } {
    const renewed = new Map<string, Code>()
    const inner = new Writer(this.scope, {
      name: (name) => renewed.get(name) ?? this.meaningOf(name, names),
      element: none,
    })
    const values = this.next.map((e) => inner.value(e))
    // If the new value of a state is the old value of another state, the old value is copied first, because the local
    // of the other state may be assigned earlier.
    const states = values.map((value) => (isOneOf(names.states, value) ? inner.local(value) : value))
    this.model.rule.states.forEach(({ name }, index) => {
      renewed.set(newName(name), states[index]!)
    })
    const theta = inner.value(this.theta)
    writer.push(...inner.body.statements)
    return { states, theta }
  }

  private meaningOf(name: string, names: RuleNames): Code | null {
    const scale = this.indices.get(name)
    if (scale !== undefined) return names.scale(this.scales[scale]!)
    const state = this.model.rule.states.findIndex((other) => other.name === name)
    if (state >= 0) return names.states[state]!
    return name === 'g' || name === 'theta' || name === 'eta' || name === 'n' || name === 'xi' ? names[name] : null
  }
}

/** The `element` function of a writer whose expressions contain no coordinates with an index. It is never called. */
export function none(): Code {
  throw new TypeError('internal error: this expression contains no coordinates with an index')
}

function isOneOf(states: readonly Code[], value: Code): boolean {
  return value.kind === 'local' && states.some((state) => state.kind === 'local' && state.name === value.name)
}

function scaleName(index: number): string {
  return `rule$${index}`
}

interface Part {
  readonly e: Expression
  readonly known: boolean
  /** Whether a table of the expression saves time. */
  readonly varies: boolean
}

/**
 * Finds the largest parts of the expression that contain only known names and depend on `n`, `stepsTaken` or `eta`.
 * Each of them is appended to `found` and replaced by a name from `scaleName`.
 */
function tabulable(root: Expression, known: ReadonlySet<string>, found: Expression[]): Expression {
  const settle = ({ e, known: whole, varies }: Part): Expression => {
    if (!whole || !varies || e.kind === 'name') return e
    found.push(e)
    return { kind: 'name', name: scaleName(found.length - 1) }
  }
  const part = fold<Part>(root, (e, parts) => {
    if (e.kind === 'name') return { e, known: known.has(e.name), varies: ['n', stepsTaken, 'eta'].includes(e.name) }
    const varies = parts.some((inside) => inside.varies)
    if (e.kind !== 'reduce' && parts.every((inside) => inside.known)) return { e, known: true, varies }
    return { e: withChildren(e, parts.map(settle)), known: false, varies }
  })
  return settle(part)
}
