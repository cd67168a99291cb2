import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { elapsed, progressOf, progressText, withProgressLine } from './progress.ts'
import { createShell } from './shell.ts'
import { erase } from './statusLine.ts'

const status = {
  trials: { done: '1310000', requested: '4200000' },
  stopsByRule: false,
  events: '2004',
  precision: { finished: 80, precise: 72, widest: null },
}
/** Before the first cell has finished. */
const { precision: _, ...early } = status
const speed = { trials: 95_400, steps: 94_900_000 }

test.each([
  [186, '31 %  1.31M of 4.2M trials  95.4k/s  94.9M steps/s  ETA 31 s  2004 events  72 of 80 narrow intervals'],
  [75, '31 %  1.31M of 4.2M trials  95.4k/s  ETA 31 s  72 of 80 narrow intervals'],
  [40, '31 %  1.31M of 4.2M trials  ETA 31 s'],
  [12, '31 %'],
])('in %d characters no part is cut', (width, text) => {
  expect(progressText(status, speed, width)).toBe(text)
})

test('before the first trials it shows what the sweep is doing', () => {
  expect(progressText({ ...early, phase: 'compiling' }, null, 100)).toBe(
    '31 %  1.31M of 4.2M trials  compiling the first batches  2004 events',
  )
})

test('without a speed there is no ETA', () => {
  expect(progressText({ ...early, stopsByRule: true }, null, 100)).toBe('31 %  1.31M of <= 4.2M trials  2004 events')
  expect(progressText(early, { trials: 1e-9, steps: 1 }, 100)).toContain('ETA longer than')
})

test('numbers of any size are readable', () => {
  for (const finished of [1, 27, 1234, 3e7])
    expect(progressText({ ...status, precision: { ...status.precision, finished } }, speed, 200)).not.toMatch(/e\+/)
})

/** A shell that records its standard error, with a clock. */
function place(isTTY: boolean) {
  const stream = (write: (text: string) => void) =>
    Object.assign(
      new Writable({
        write(chunk, _, done) {
          write(String(chunk))
          done()
        },
      }),
      { isTTY, columns: 80 },
    )
  const clock = { ms: 0 }
  const said: string[] = []
  const shell = createShell({
    stdout: stream(() => undefined),
    stderr: stream((text) => said.push(text)),
    env: {},
    cwd: '/',
  })
  return { shell, said, clock, now: () => clock.ms }
}

test('work longer than a second shows progress on the last line of a terminal', () => {
  const { shell, said, clock, now } = place(true)
  const tell = progressOf(shell, 'verifying cell', 100_000, now)
  tell(500)
  expect(said).toEqual([])
  clock.ms = 1500
  tell(12_000)
  tell(12_001)
  expect(said).toEqual(['\r\x1b[2Kverifying cell 12,000 of 100,000'])
})

test('without a terminal it shows a line every 20 seconds, every ten if requested, or nothing', () => {
  for (const [kind, isTTY, quiet, lines] of [
    ['auto', false, false, ['reading row 20,000\n']],
    ['auto', false, true, []],
    ['none', true, false, []],
    ['plain', false, false, ['reading row 10,000\n', 'reading row 20,000\n']],
  ] as const) {
    const { shell, said, clock, now } = place(isTTY)
    const tell = progressOf(withProgressLine({ ...shell, quiet }, kind), 'reading row', null, now)
    for (; clock.ms < 25_000; clock.ms += 500) tell(clock.ms)
    expect(said, kind).toEqual(lines)
  }
})

test('one long piece of work shows its time', () => {
  const { shell, said, clock, now } = place(true)
  const tell = elapsed(shell, () => 'cell 1 of 1', now)
  for (const ms of [0, 12_300, 61_000]) {
    clock.ms = ms
    tell()
  }
  expect(said.map((text) => text.replace(erase, ''))).toEqual([
    'cell 1 of 1',
    'cell 1 of 1: 12 s',
    'cell 1 of 1: 1 min 1 s',
  ])
})

test('it shows its time as a line every ten seconds if requested', () => {
  const { shell, said, clock, now } = place(false)
  const tell = elapsed(withProgressLine(shell, 'plain'), () => 'cell 1 of 1', now)
  for (; clock.ms < 25_000; clock.ms += 1000) tell()
  expect(said).toEqual(['cell 1 of 1: 10 s\n', 'cell 1 of 1: 20 s\n'])
})
