import { describe, expect, it } from 'vitest'
import { type Particle, type ParticleEnd, streamSwitchesOf } from './particle.ts'
import { runReplica } from './replica.ts'

const key = [1, 2, 3] as const
const splitting = { kind: 'splitting', score: 'x', target: null, particles: 4, kill: 1 } as const
const ended = (peak: number, branchedAt: number | null = null, exit: string | null = null): ParticleEnd => ({
  end: exit === null ? 'undecided' : 'escaped',
  exit,
  steps: 10,
  peak,
  branchedAt,
  snapshot: null,
})

/** Answers, round after round, with what is given, and keeps what was asked. */
function scripted(...rounds: readonly (readonly ParticleEnd[])[]) {
  const requested: (readonly Particle[])[] = []
  return {
    asked: requested,
    simulate: (_: number, particles: readonly Particle[]) => rounds[requested.push(particles) - 1]!,
  }
}

/** A walk of whole steps that ends at 14: each by a hash of its number and of the stream that is on. */
function walk({ lineage, level, branchTo }: Particle): { scores: number[]; branchedAt: number | null } {
  const scores = [0]
  let branchedAt: number | null = null
  for (let n = 0; n < 40 && scores[n]! < 14; n++) {
    if (branchedAt === null && scores[n]! > level) branchedAt = n
    const stream = branchedAt === null ? streamSwitchesOf(lineage).findLast(({ step }) => step <= n)!.stream : branchTo
    const hash = Math.imul((stream + 1) * 7919 + n * 104_729, 0x9e3779b1) >>> 0
    scores.push(scores[n]! + (Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) < 0 ? 1 : -1))
  }
  return { scores, branchedAt }
}

describe('a replica', () => {
  it('kills ties together, and its branches take the noise of a parent that is above', () => {
    const { asked: requested, simulate } = scripted(
      [ended(1), ended(2), ended(1), ended(9, null, 'up')],
      [ended(5, 3), ended(9, 0, 'up')],
      [ended(9, 4, 'up')],
      [ended(9, 4, 'down')],
    )
    const replica = runReplica({ method: splitting, layout: { exits: ['up', 'down'] }, key }, 7, simulate)!
    expect(requested[0]!.map(({ lineage }) => streamSwitchesOf(lineage))).toMatchObject(
      [0, 1, 2, 3].map((k) => [{ step: 0, stream: k }]),
    )
    // Both at 1 die; parents are places 1 and 3.
    expect(requested[1]!.map(({ level, branchTo }) => [level, branchTo])).toEqual([
      [1, 4],
      [1, 5],
    ])
    for (const { lineage } of requested[1]!) expect([1, 3]).toContain(lineage.stream)
    expect(replica.levels).toEqual([
      { score: 1, killed: 2, weight: 0.5 },
      { score: 2, killed: 1, weight: 0.375 },
      { score: 5, killed: 1, weight: 0.28125 },
    ])
    expect(replica).toMatchObject({ estimate: 0.28125, weight: 0.28125, exits: [3, 1], steps: 80, extinct: false })
  })

  it('says by its streams alone what each branch did', () => {
    const walks = new Map<number, readonly number[]>()
    let again = 0
    const simulate = (_: number, particles: readonly Particle[]) =>
      particles.map((particle) => {
        // A parent seen once more: its streams give the walk that it had as a branch.
        const known = walks.get(particle.lineage.stream)
        if (known !== undefined) {
          expect(walk({ ...particle, level: Number.POSITIVE_INFINITY }).scores).toEqual(known)
          again++
        }
        const { scores, branchedAt } = walk(particle)
        const mine = branchedAt === null ? particle.lineage.stream : particle.branchTo
        if (!walks.has(mine)) walks.set(mine, scores)
        const peak = Math.max(...scores)
        return ended(peak, branchedAt, peak >= 14 ? 'up' : null)
      })
    const { levels } = runReplica(
      { method: { ...splitting, particles: 30 }, layout: { exits: ['up'] }, key },
      0,
      simulate,
    )!
    expect(levels.length).toBeGreaterThan(8)
    expect(again).toBeGreaterThan(60)
  })

  it('counts as 0 where all die, and ends below its target', () => {
    const low = [ended(1), ended(1), ended(1), ended(1)]
    expect(runReplica({ method: splitting, layout: { exits: ['up'] }, key }, 0, scripted(low).simulate)).toMatchObject({
      estimate: 0,
      extinct: true,
      levels: [{ score: 1, killed: 4, weight: 0 }],
    })
    const some = [ended(1), ended(2), ended(3), ended(9, null, 'up')]
    expect(
      runReplica({ method: { ...splitting, target: 1 }, layout: { exits: ['up'] }, key }, 0, scripted(some).simulate),
    ).toMatchObject({
      estimate: 0.25,
      weight: 1,
      levels: [],
    })
  })

  it('takes a score that is no number for the lowest, and an infinite one for less than an escape', () => {
    const { simulate } = scripted(
      [ended(Number.NEGATIVE_INFINITY), ended(Number.POSITIVE_INFINITY), ended(0, null, 'up'), ended(0, null, 'up')],
      [ended(0, 1, 'up')],
      [ended(0, 1, 'up')],
    )
    const { levels } = runReplica({ method: splitting, layout: { exits: ['up'] }, key }, 0, simulate)!
    expect(levels.map(({ score }) => score)).toEqual([-Number.MAX_VALUE, Number.MAX_VALUE])
  })

  it('refuses an index that is too large', () => {
    expect(() => runReplica({ method: splitting, layout: { exits: ['up'] }, key }, 2 ** 32, () => null)).toThrow(
      'must be less than 4294967296',
    )
    expect(() => runReplica({ method: splitting, layout: { exits: [] }, key }, 0, () => null)).toThrow('escape')
  })
})
