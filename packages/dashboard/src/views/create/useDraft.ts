import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { changedSpec, nextName } from '../../compute/changeSpec.ts'
import { type Draft, earlierDraft, firstSpec, keepDraft, readDraft, saveDraft } from '../../compute/draft.ts'
import { useSource } from '../../live/documentOrigin.tsx'
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
    return from === undefined || (kept?.from === from && kept.isDerived !== true) ? kept : null
  })
  const source = useSource()
  const sweep = from ?? draft?.from
  const copy = useQuery({
    queryKey: ['copy', sweep],
    enabled: sweep !== undefined,
    retry: false,
    queryFn: async () => {
      const [{ spec }, { sweeps }] = await Promise.all([source.origins({ sweep: sweep! }), source.sweeps()])
      const name = String(plainOf(spec)?.name ?? 'spec')
      let next = nextName(name)
      while (sweeps.some((other) => other.name === next)) next = nextName(next)
      const text = changedSpec(spec, [{ path: 'name', value: next }])
      return { original: { id: sweep!, name, spec }, fresh: { text, from: sweep! } }
    },
  })
  const fresh: Draft | null = sweep === undefined ? first : (copy.data?.fresh ?? null)
  const exchange = (next: Draft): void => {
    keepDraft(next)
    setDraft(next)
  }
  useEffect(() => {
    // Sets the draft of something else aside.
    if (from !== undefined && draft === null && fresh !== null) exchange(fresh)
  }, [from, draft, fresh])
  const shown = draft ?? fresh
  const others = { 'Start over': fresh, 'Open the earlier draft': earlierDraft() }
  return {
    draft: shown,
    original: copy.data?.original ?? null,
    // A draft can be continued after its original was removed.
    error: shown === null ? copy.error : null,
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

const first: Draft = { text: firstSpec }
