import { describe, expect, it } from 'vitest'
import { Snapshots } from './particle.ts'

describe('snapshots', () => {
  it('gives each place once, and those that nobody refers to again', () => {
    const snapshots = new Snapshots(1000, 40, 3)
    const taken = [snapshots.take(), snapshots.take(), snapshots.take()]
    expect(new Set(taken)).toEqual(new Set([1000, 1040, 1080]))
    expect(snapshots.take()).toBeNull()
    snapshots.giveUpAllBut([{ snapshot: 1040 }, { snapshot: null }])
    expect([snapshots.take(), snapshots.take(), snapshots.take()]).toEqual([1000, 1080, null])
    snapshots.giveUp(1080)
    expect(snapshots.take()).toBe(1080)
    expect(snapshots.end).toBe(1120)
  })

  it('has none where they would take too much', () => {
    const snapshots = new Snapshots(1000, 1_000_000, 2000)
    expect(snapshots.take()).toBeNull()
    expect(snapshots.end).toBe(1000)
    snapshots.giveUpAllBut([])
    expect(snapshots.take()).toBeNull()
  })
})
