import { useEffect, useMemo } from 'react'
import { changedSpec, nextName } from '../../compute/changeSpec.ts'
import { type Draft, keepDraft, readDraft } from '../../compute/draft.ts'
import { useAnswer } from '../../live/useAnswer.ts'
import { plainOf, valueAt } from './form.ts'

interface Beginning {
  readonly begin: Draft | null
  /** The text without the changes of the draft. */
  readonly fresh: Draft | null
  /** The sweep whose spec is changed. */
  readonly original: { readonly id: string; readonly name: string; readonly spec: string } | null
  readonly error: Error | null
}

/**
 * The first text of the editor: the draft, or else a copy of the spec of the sweep `from` with a new name, or else a
 * spec that runs in seconds.
 */
export function useBeginning(from: string | undefined): Beginning {
  const kept = useMemo(readDraft, [])
  const source = from ?? kept?.from
  const enabled = source !== undefined
  const origin = useAnswer('origins', { sweep: source ?? '' }, { enabled, retry: false })
  const list = useAnswer('sweeps', {}, { enabled })
  const sweeps = list.data?.sweeps
  const spec = origin.data?.spec
  const name = String((spec !== undefined && valueAt(plainOf(spec), 'name')) || 'spec')
  const fresh = useMemo((): Draft | null => {
    if (source === undefined) return { text: firstSpec }
    if (spec === undefined || sweeps === undefined) return null
    const taken = new Set(sweeps.map((sweep) => sweep.name))
    let free = nextName(name)
    while (taken.has(free)) free = nextName(free)
    return { text: changedSpec(spec, [{ path: 'name', value: free }]), from: source }
  }, [source, spec, sweeps, name])
  const isContinued = kept !== null && (from === undefined || kept.from === from)
  const begin = isContinued ? kept : fresh
  useEffect(() => {
    // Sets the draft of something else aside.
    if (from !== undefined && !isContinued && fresh !== null) keepDraft(fresh)
  }, [from, isContinued, fresh])
  return {
    begin,
    fresh,
    original: source === undefined || spec === undefined ? null : { id: source, name, spec },
    // A draft can be continued after its original was removed.
    error: from === undefined || begin !== null ? null : (origin.error ?? list.error),
  }
}

/** A spec that runs in seconds. */
export const firstSpec = `version: 1
name: my-first
seed: 1
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 200, escape: 'x >= 0' }
sweep:
  update.eta: [0.05, 0.1, 0.2]
  update.drift.sigma: { from: 0.5, to: 2, count: 7 }
trials: 10000
`
