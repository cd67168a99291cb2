import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActDialog } from '../../parts/ActDialog.tsx'
import { type Verb, verbs } from '../../parts/verbs.ts'
import type { Listed } from './listed.ts'

export function Actions({ picked, clear }: { readonly picked: readonly Listed[]; clear(): void }) {
  const queries = useQueryClient()
  const [verb, setVerb] = useState<Verb | null>(null)
  return (
    <div className="actions" role="toolbar" aria-label="Actions on selected sweeps">
      <span className="faint" role="status">
        {picked.length === 0 ? 'Select one or more sweeps' : `${picked.length} selected`}
      </span>
      {(Object.keys(verbs) as Verb[]).map((each) => (
        <button
          key={each}
          type="button"
          className="small"
          disabled={!picked.some((sweep) => verbs[each].allows(sweep.state))}
          onClick={() => setVerb(each)}
        >
          {verbs[each].name}
        </button>
      ))}
      {picked.length > 0 && (
        <button type="button" className="small" onClick={clear}>
          Clear selection
        </button>
      )}
      {verb !== null && (
        <ActDialog
          verb={verb}
          sweeps={picked}
          onClose={() => {
            setVerb(null)
            void queries.invalidateQueries()
          }}
        />
      )}
    </div>
  )
}
