import './noEval.ts'
import { decodeRecord, Kernel, layoutOf, prepare, runReference } from '@driftfarm/kernel'
import { type CellKernel, type RowRecord, rowRecord, tracePaths } from '@driftfarm/report'
import type { ComputeReply, ComputeRequest, LocalReplay } from './computer.ts'
import { type PlayReply, type PlayRequest, play } from './playing.ts'

// Computes trials in a thread of the browser, so that the page stays responsive.

interface Begun {
  /** The compiled module. If it is null, the reference implementation computes the trials. */
  readonly kernel: Kernel | null
  readonly given: CellKernel
}

const state: { begun: Begun | null } = { begun: null }

self.onmessage = async ({
  data,
}: MessageEvent<{ readonly id: number; readonly request: ComputeRequest } | PlayRequest>) => {
  if ('play' in data) {
    await play(data.play, (result) => postMessage({ result } satisfies PlayReply)).catch((error) =>
      postMessage({ error: (error as Error).message } satisfies PlayReply),
    )
    return
  }
  const { id, request } = data
  try {
    postMessage({ id, value: await answer(request) } satisfies ComputeReply)
  } catch (error) {
    postMessage({ id, error: (error as Error).message } satisfies ComputeReply)
  }
}

async function answer(request: ComputeRequest): Promise<unknown> {
  if (request.kind === 'begin') {
    const { cell, data, module } = request.kernel
    state.begun = {
      kernel:
        module === null ? null : Kernel.create(await WebAssembly.compile(module as BufferSource), prepare(cell, data)),
      given: request.kernel,
    }
    return null
  }
  const { begun } = state
  if (begun === null) throw new Error('the kernel is not loaded yet')
  return request.kind === 'replay'
    ? replay(begun, request.trial, request.title)
    : rows(begun, request.first, request.count)
}

function replay(begun: Begun, trial: number, title: string): LocalReplay {
  const { kernel, given } = begun
  const [row] = rows(begun, trial, 1)
  const byReference = recordsOf({ kernel: null, given }, trial, 1)
  const agrees = kernel === null ? null : equal(recordsOf(begun, trial, 1), byReference)
  const paths = tracePaths(given.cell, given.data, [trial], title)
  return { row: row!, paths, agrees }
}

function rows(begun: Begun, first: number, count: number): RowRecord[] {
  const records = recordsOf(begun, first, count)
  const layout = layoutOf(begun.given.cell)
  return Array.from({ length: count }, (_, at) => rowRecord(0, first + at, decodeRecord(records, layout, at)))
}

function recordsOf({ kernel, given: { cell, data } }: Begun, first: number, count: number): Uint8Array {
  const { records } =
    kernel === null
      ? runReference(cell, first, count, { horizons: [], data })
      : kernel.run(first, count, { keep: true, horizons: [] })
  if (records === null) throw new Error('the kernel returned no records')
  return records
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])
