import type { FarmClient, StatusData } from '@driftfarm/report'
import { useState } from 'react'
import { Field } from '../../parts/controls.tsx'
import { FormDialog } from '../../parts/FormDialog.tsx'
import { tagsMistake, tagsOf, tagTexts } from '../../parts/tags.ts'

/** Edits the title, the notes and the tags of a sweep. They do not change what the sweep is. */
export function DescribeDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const [title, setTitle] = useState(status.title ?? '')
  const [notes, setNotes] = useState(status.notes ?? '')
  const before = tagTexts(status.tags ?? {}).join('\n')
  const [tags, setTags] = useState(before)
  const change = async (farm: FarmClient): Promise<readonly string[]> => {
    const changed = tags === before ? {} : { tags: Object.fromEntries(tagsOf(tags)) }
    await farm.describe(status.id, { title, notes, ...changed })
    return []
  }
  return (
    <FormDialog
      title={`Title, notes and tags of ${status.name}`}
      label="Save"
      mistake={tagsMistake(tags)}
      change={change}
      onClose={onClose}
    >
      <p>They help people to find and understand the sweep. The name and the results stay as they are.</p>
      <Field label="Title" value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
      <label htmlFor="notes">Notes</label>
      <textarea id="notes" rows={5} maxLength={4000} value={notes} onChange={(event) => setNotes(event.target.value)} />
      <label htmlFor="tags">Tags, one on each line, as in the spec: key: value</label>
      <textarea id="tags" rows={3} value={tags} onChange={(event) => setTags(event.target.value)} />
    </FormDialog>
  )
}
