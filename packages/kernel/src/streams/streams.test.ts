import { describe, expect, it } from 'vitest'
import { cellOf, doubleWell } from '../agreement/cells.fixture.ts'
import { gallery } from '../agreement/gallery.fixture.ts'
import { type purposes, streamKey, trialStream } from './streams.ts'

const cell = gallery['double well, first exit']!

function firstDraws(key = streamKey(cell), trial = 0, purpose: keyof typeof purposes = 'drift'): string {
  const stream = trialStream(key, trial, purpose)
  return Array.from({ length: 4 }, () => {
    stream.next()
    return `${stream.high} ${stream.low}`
  }).join()
}

describe('streams', () => {
  it('differ between seeds, cells, trials and purposes', () => {
    const draws = [
      firstDraws(),
      firstDraws(streamKey({ ...cell, seed: '1' })),
      firstDraws(streamKey({ ...cell, trial: { ...cell.trial, steps: 101 } })),
      firstDraws(streamKey(cell), 1),
      firstDraws(streamKey(cell), 2 ** 32),
      firstDraws(streamKey(cell), 10 ** 15),
      ...(['start', 'data', 'auxiliary'] as const).map((purpose) => firstDraws(streamKey(cell), 0, purpose)),
    ]
    expect(new Set(draws).size).toBe(draws.length)
  })

  it('do not depend on the version of the kernel', () => {
    expect(streamKey({ ...cell, kernel: cell.kernel + 1 })).toEqual(streamKey(cell))
  })

  it('are the same for all cells of a seed where they are common', () => {
    const common = cellOf({ landscape: doubleWell, start: [1], streams: 'common' })
    const other = cellOf({ landscape: doubleWell, start: [-1], trial: { steps: 7 }, streams: 'common' })
    expect(streamKey(common)).toEqual(streamKey(other))
    expect(streamKey({ ...common, seed: '2' })).not.toEqual(streamKey(common))
  })
})
