import { buildChain } from './buildChain.ts'
import { buildMomentumChain } from './buildMomentumChain.ts'
import type { FiniteChain } from './finiteChain.ts'
import { follow } from './follow.ts'
import type { Mesh } from './mesh.ts'
import type { Course } from './question.ts'
import { settle } from './rate.ts'
import { eliminate } from './visits.ts'
import type { OracleChain } from './walk.ts'

export type Method = 'nystrom' | 'nystrom-gth'

/** One number at one resolution. */
export interface Computed {
  readonly value: number
  /** P(left the box): the value may be off by this. */
  readonly lost: number
  readonly method: Method
}

export type Findings = Map<string, Computed>

/** More states than this are not eliminated. */
const mostEliminated = 1600

/** Everything that a course answers on a mesh, by name; `missing` collects what it cannot, with the reason. */
export function evaluate(
  mesh: Mesh,
  course: Course,
  chain: OracleChain,
  horizons: readonly number[],
  findings: Findings,
  missing: Map<string, string>,
): void {
  const finite = chain.beta > 0 ? buildMomentumChain(mesh, course, chain) : buildChain(mesh, course, chain)
  const last = horizons.at(-1)!
  for (const [at, result] of follow(finite, horizons).entries()) {
    const horizon = horizons[at]!
    for (const [q, { name, stands }] of course.questions.entries()) {
      // What is so at the horizon is asked of the full one alone.
      if (stands !== null && horizon !== last) continue
      const full = horizon === last ? name : `${name}@${horizon}`
      if (result === null) missing.set(full, `${horizon} steps are too many: the chain does not settle for long`)
      else findings.set(full, { value: result.values[q]!, lost: result.lost, method: 'nystrom' })
    }
  }
  forEver(finite, course, findings, missing)
}

/** Without a horizon: what happens first, the mean of the steps, and the rate. */
function forEver(chain: FiniteChain, course: Course, findings: Findings, missing: Map<string, string>): void {
  const { questions, meanName } = course
  const names = [
    ...questions.flatMap(({ everName }) => everName ?? []),
    ...(meanName === null ? [] : [meanName, 'rate']),
  ]
  if (names.length === 0) return
  const say = (reason: string) => names.forEach((name) => missing.set(name, reason))
  if (!chain.isStationary) return say('step size or scale change with the step')
  if (chain.size > mostEliminated) return say(`${chain.size} states are too many to be eliminated`)
  const stage = chain.stage(1)
  const visits = eliminate(chain, stage)
  const expected = visits.from(chain.first.mass)
  const sum = (part: Float64Array | null) =>
    expected.reduce((total, times, i) => total + times * (part === null ? 1 : part[i]!), 0)
  const steps = 1 + sum(null)
  if (!Number.isFinite(steps)) return say('trials need not end')
  const lost = chain.first.lost + sum(stage.lost)
  const put = (name: string, value: number, off: number) => findings.set(name, { value, lost: off, method: 'nystrom-gth' })
  for (const [q, { everName }] of questions.entries())
    if (everName !== null) put(everName, chain.first.absorbed[q]! + sum(stage.absorbed[q]!), lost)
  if (meanName === null) return
  // What leaves the box comes back or not: its share of the time is that of its chance, as far as that is small.
  put(meanName, steps, lost * steps)
  const { rate } = settle(chain, stage, visits, expected)
  put('rate', rate, 0)
}
