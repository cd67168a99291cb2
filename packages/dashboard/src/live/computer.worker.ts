import { decodeRecord, Kernel, prepare, runReference } from '@driftfarm/kernel'
import { type CellKernel, type RowRecord, rowRecord, tracePaths } from '@driftfarm/report'
import type { Answered, Asked, ReplayedHere } from './computer.ts'

// Computes trials in a thread of the browser, so that the page stays alive meanwhile.

interface Begun {
  readonly kernel: Kernel
  readonly given: CellKernel
}

const state: { begun: Begun | null } = { begun: null }

onmessage = async ({ data: { id, asked } }: MessageEvent<{ readonly id: number; readonly asked: Asked }>) => {
  try {
    postMessage({ id, value: await answer(asked) } satisfies Answered)
  } catch (error) {
    postMessage({ id, error: (error as Error).message } satisfies Answered)
  }
}

async function answer(asked: Asked): Promise<unknown> {
  if (asked.kind === 'begin') {
    const { cell, data, module } = asked.kernel
    state.begun = {
      kernel: Kernel.create(await WebAssembly.compile(module as BufferSource), prepare(cell, data)),
      given: asked.kernel,
    }
    return null
  }
  const { begun } = state
  if (begun === null) throw new Error('there is no kernel yet')
  return asked.kind === 'replay' ? replay(begun, asked.trial, asked.title) : rows(begun.kernel, asked.first, asked.count)
}

function replay({ kernel, given: { cell, data } }: Begun, trial: number, title: string): ReplayedHere {
  const [row] = rows(kernel, trial, 1)
  const { records } = kernel.run(trial, 1, { keep: true, horizons: [] })
  const reference = runReference(cell, trial, 1, { horizons: [], data }).records
  const agrees = records !== null && reference !== null && equal(records, reference)
  const paths = tracePaths(cell, data, [trial], title)
  return { row: row!, paths, agrees }
}

function rows(kernel: Kernel, first: number, count: number): RowRecord[] {
  const { records } = kernel.run(first, count, { keep: true, horizons: [] })
  return Array.from({ length: count }, (_, at) => rowRecord(0, first + at, decodeRecord(records!, kernel.layout, at)))
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])
