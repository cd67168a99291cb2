import { countText } from '@driftfarm/report'
import { sweepStateNames } from '@driftfarm/spec'
import { Answer } from '../../parts/Answer.tsx'
import { Button, Check } from '../../parts/controls.tsx'
import type { SweepsSearch } from './listed.ts'

interface Props {
  readonly search: SweepsSearch
  change(next: SweepsSearch): void
  readonly count: number
  readonly of: number
}

/** The filters are part of the address, so that a link shows the same list. */
export function Filters({ search, change, count, of }: Props) {
  const set = (part: SweepsSearch): void => change({ ...search, ...part })
  const isFiltered = search.q !== undefined || search.state !== undefined || search.tag !== undefined
  const toggle = (state: (typeof sweepStateNames)[number]): void => {
    const chosen = new Set(search.state ?? [])
    if (!chosen.delete(state)) chosen.add(state)
    set({ state: chosen.size === 0 ? undefined : [...chosen] })
  }
  return (
    <search className="filters">
      <Answer
        label="Name, notes, settings or tags"
        type="search"
        placeholder="e.g. well -test"
        title="words to include; put - before a word to exclude it"
        value={search.q}
        write={(q) => set({ q: String(q) || undefined })}
      />
      <Answer
        label="Tag"
        type="search"
        placeholder="key:value"
        value={search.tag}
        write={(tag) => set({ tag: String(tag) || undefined })}
      />
      <fieldset className="states">
        <legend>States</legend>
        {sweepStateNames.map((state) => (
          <Check
            key={state}
            label={state}
            checked={search.state?.includes(state) ?? false}
            toggle={() => toggle(state)}
          />
        ))}
      </fieldset>
      <span className="count" role="status">
        {isFiltered ? `${count} of ${of}` : countText(of, 'sweep')}{' '}
        {isFiltered && <Button label="Clear filters" small onClick={() => change({ order: search.order })} />}
      </span>
    </search>
  )
}
