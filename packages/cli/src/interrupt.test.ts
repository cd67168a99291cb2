import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onInterrupt } from './interrupt.ts'
import type { Shell } from './shell.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function listening() {
  let send: (name: NodeJS.Signals) => void = () => undefined
  const left: number[] = []
  const shell = {
    line: { clear: () => undefined },
    leave: (code: number) => void left.push(code),
    onSignal: (listener: typeof send) => {
      send = listener
      return () => {
        send = () => undefined
      }
    },
  } as unknown as Shell
  return { interrupt: onInterrupt(shell), send: (name: NodeJS.Signals) => send(name), left }
}

test('a signal ends the wait, a second one ends the process', async () => {
  const { interrupt, send, left } = listening()
  const waiting = interrupt.wait()
  expect(vi.getTimerCount()).toBe(1)
  send('SIGTERM')
  await waiting
  expect([interrupt.signal.aborted, interrupt.exit(), left]).toEqual([true, 143, []])
  expect(vi.getTimerCount()).toBe(0)
  send('SIGINT')
  expect(left).toEqual([130])
})

// A worker that left by itself once stayed alive as a process, in an allocation that costs money.
test('dispose during a wait lets the process end', () => {
  const { interrupt } = listening()
  void interrupt.wait()
  void interrupt.wait()
  expect(vi.getTimerCount()).toBe(1)
  interrupt.dispose()
  expect(vi.getTimerCount()).toBe(0)
})
