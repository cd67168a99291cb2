import { prepare } from '@driftfarm/kernel'
import { useEffect, useState } from 'react'
import { createThread } from './computer.ts'
import type { Ground, PlayReply, PlayRequest, PlayResult } from './playing.ts'
import { beginningOf, presets, specOf } from './playSpec.ts'
import { resolveSpec } from './resolveSpec.ts'

interface Play {
  readonly spec: string
  readonly kernel: string | null
  readonly ground: Ground | null
  readonly result: PlayResult | null
  readonly error: Error | null
  /** Number of cells of the spec. */
  readonly cells: number
}

const nothing = { ground: null, result: null, error: null, cells: 1 } as const

/**
 * Computes the trials of a cell of a spec in a thread. `kernel` names a module that was compiled when the page was
 * built. If it is null, a module is chosen that fits the spec, and if none does, the reference implementation computes
 * the trials. `isOld` tells whether the results belong to an earlier spec with the same kernel.
 */
export function usePlay(
  spec: string,
  kernel: string | null,
  index = 0,
): Omit<Play, 'spec' | 'kernel'> & { readonly isOld: boolean } {
  const [kept, setKept] = useState<Play>({ spec, kernel, ...nothing })
  useEffect(() => {
    const fail = (error: Error) => setKept({ spec, kernel, ...nothing, error })
    let ground: Ground | null = null
    // While a slider moves or somebody types, only the last state matters.
    let worker: Worker | null = null
    const begin = (): void => {
      const { sweep } = resolveSpec(spec, new Map())
      const cells = sweep.cellCount
      if (index >= cells) throw new Error(`the spec has ${cells} cells, so none has the number ${index}`)
      const { cell, tables } = sweep.cell(index)
      const name = kernel ?? presets.find((preset) => shapeOf(preset.name) === prepare(cell, tables).shape)?.name
      const page = new URL('.', location.href.split('#')[0])
      const module = name === undefined ? null : new URL(`kernels/${name}.wasm`, page).href
      worker = createThread()
      worker.onmessage = ({ data }: MessageEvent<PlayReply>) => {
        if ('error' in data) fail(new Error(data.error))
        else if ('ground' in data) ground = data.ground
        else setKept({ spec, kernel, ground, result: data.result, error: null, cells })
      }
      worker.onerror = ({ message }) => fail(new Error(message))
      worker.postMessage({ play: { cell, tables, module } } satisfies PlayRequest)
    }
    const timer = setTimeout(
      () => {
        try {
          begin()
        } catch (error) {
          fail(error as Error)
        }
      },
      kernel === null ? 400 : 120,
    )
    return () => {
      clearTimeout(timer)
      worker?.terminate()
    }
  }, [spec, kernel, index])
  const isOld = kept.spec !== spec
  // Hide the results of another kernel, because a reader would take them for results of the new landscape.
  if (isOld && kept.kernel !== kernel) return { ...nothing, isOld }
  return { ...kept, isOld, error: isOld ? null : kept.error }
}

/** What a module computes, except for numbers. */
const shapeOf = (preset: string) =>
  prepare(resolveSpec(specOf(beginningOf(preset, 1)), new Map()).sweep.cell(0).cell).shape
