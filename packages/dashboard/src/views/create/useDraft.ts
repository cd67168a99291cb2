import { useEffect, useMemo, useState } from 'react'
import { changedSpec, nextName } from '../../compute/changeSpec.ts'
import { type Draft, earlierDraft, keepDraft, readDraft, saveDraft } from '../../compute/draft.ts'
import { useAnswer } from '../../live/useAnswer.ts'
import { plainOf } from './form.ts'

/** The sweep whose spec is changed. */
export interface Original {
  readonly id: string
  readonly name: string
  readonly spec: string
}

/**
 * The draft: the one that the browser keeps, or else a copy of the spec of the sweep `from` with a new name, or else a
 * spec that runs in seconds.
 */
export function useDraft(from: string | undefined) {
  const [draft, setDraft] = useState(() => {
    const kept = readDraft()
    return from === undefined || kept?.from === from ? kept : null
  })
  const source = from ?? draft?.from
  const enabled = source !== undefined
  const origin = useAnswer('origins', { sweep: source ?? '' }, { enabled, retry: false })
  const list = useAnswer('sweeps', {}, { enabled })
  const sweeps = list.data?.sweeps
  const spec = origin.data?.spec
  const original = useMemo((): Original | null => {
    if (source === undefined || spec === undefined) return null
    return { id: source, name: String(plainOf(spec)?.name ?? 'spec'), spec }
  }, [source, spec])
  const fresh = useMemo((): Draft | null => {
    if (source === undefined) return { text: firstSpec }
    if (original === null || sweeps === undefined) return null
    const taken = new Set(sweeps.map(({ name }) => name))
    let name = nextName(original.name)
    while (taken.has(name)) name = nextName(name)
    return { text: changedSpec(original.spec, [{ path: 'name', value: name }]), from: source }
  }, [source, original, sweeps])
  const exchange = (next: Draft): void => {
    keepDraft(next)
    setDraft(next)
  }
  useEffect(() => {
    // Sets the draft of something else aside.
    if (from !== undefined && draft === null && fresh !== null) {
      keepDraft(fresh)
      setDraft(fresh)
    }
  }, [from, draft, fresh])
  const shown = draft ?? fresh
  const others = { 'Start over': fresh, 'Open the earlier draft': earlierDraft() }
  return {
    draft: shown,
    original,
    // A draft can be continued after its original was removed.
    error: shown === null ? (origin.error ?? list.error) : null,
    /** Other texts to continue with, by what the reader would say. */
    others: Object.entries(others).filter(([, other]) => other !== null && other.text !== shown?.text),
    change(part: Partial<Draft>): void {
      if (shown === null) return
      const next = { ...shown, ...part }
      saveDraft(next)
      setDraft(next)
    },
    exchange,
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
