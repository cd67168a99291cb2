import { maxEntries, rowOf, statesOf } from './buildChain.ts'
import type { NodeChain, Stage } from './finiteChain.ts'
import type { Mesh } from './mesh.ts'
import type { Course } from './question.ts'
import { RunMatrix } from './runMatrix.ts'
import type { OracleChain } from './walk.ts'

/**
 * The chain with momentum in one dimension: x_{n+1} = x_n + beta (x_n - x_{n-1}) - eta L'(x_n) + s xi. A state is a
 * pair of nodes: the previous position and the present one. After the first step, the previous position is the start;
 * the states for this case have the lowest indices.
 */
export function buildMomentumChain(mesh: Mesh, course: Course, chain: OracleChain): NodeChain {
  const states = statesOf(mesh, course, chain)
  const row = rowOf(course)
  const { questions } = course
  const { size: nodes, list } = states
  const size = nodes + nodes * nodes
  const places = new Float64Array(nodes)
  const gradients = new Float64Array(nodes)
  const regions = Array.from({ length: nodes }, () => mesh.blocks[0]!.region)
  for (const { block, offset } of list)
    states.nodes[block]!.points.forEach((point, i) => {
      places[offset + i] = point[0]!
      gradients[offset + i] = states.nodes[block]!.gradients[i]![0]!
      regions[offset + i] = mesh.blocks[block]!.region
    })

  let computed = 0
  const build = (n: number): Stage => {
    const matrix = new RunMatrix(size, size, maxEntries)
    const absorbed = questions.map(() => new Float64Array(size))
    const ended = new Float64Array(size)
    const lost = new Float64Array(size)
    const step = chain.step(n)
    const eta = chain.eta(n)
    for (let state = 0; state < size; state++) {
      const now = state % nodes
      const before = state < nodes ? chain.start[0]! : places[Math.floor(state / nodes) - 1]!
      const x = places[now]!
      const mean = x + chain.beta * (x - before) - eta * gradients[now]!
      const found = row(states, { mean: [mean], level: 0, step }, (target, first, masses) =>
        matrix.run(nodes + now * nodes + target + first, masses.length).set(masses),
      )
      for (const [q, part] of found.absorbed.entries()) absorbed[q]![state] = part
      ended[state] = found.ended
      lost[state] = found.lost
      matrix.endRow()
    }
    computed += matrix.entries
    return { matrix, absorbed, ended, lost }
  }

  const mass = new Float64Array(size)
  const slope = new Float64Array(1)
  chain.gradient(Float64Array.from(chain.start), slope)
  const mean = [chain.start[0]! - chain.eta(0) * slope[0]!]
  const first = row(states, { mean, level: 0, step: chain.step(0) }, (target, from, masses) =>
    mass.set(masses, target + from),
  )
  let last: { readonly key: string; readonly stage: Stage } | null = null
  const stage = (n: number): Stage => {
    const key = `${chain.step(n).scale} ${chain.eta(n)}`
    if (last === null || last.key !== key) last = { key, stage: build(n) }
    return last.stage
  }
  return {
    size,
    first: { mass, ...first },
    entriesAt: (n) => stage(n).matrix.entries,
    computed: () => computed,
    isStationary: chain.stationary,
    groups: null,
    stage,
    stands: questions.map(({ stands }) =>
      stands === null ? null : Float64Array.from({ length: size }, (_, i) => (stands(regions[i % nodes]!) ? 1 : 0)),
    ),
  }
}
