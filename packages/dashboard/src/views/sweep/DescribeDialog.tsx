import type { StatusData } from '@driftfarm/report'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useFarmClient } from '../../live/documentOrigin.tsx'
import { useLive } from '../../live/liveness.tsx'
import { Button, Dialog, Field, Form } from '../../parts/controls.tsx'
import { Failure } from '../../parts/states.tsx'

/** Edits the title, the notes and the tags of a sweep. They do not change what the sweep is. */
export function DescribeDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const farmClient = useFarmClient()
  const { acted } = useLive()
  const [title, setTitle] = useState(status.title ?? '')
  const [notes, setNotes] = useState(status.notes ?? '')
  const before = tagsText(status.tags ?? {})
  const [tags, setTags] = useState(before)
  const { error, isPending, mutate } = useMutation({
    mutationFn: () =>
      farmClient.describe(status.id, { title, notes, ...(tags === before ? {} : { tags: tagsOf(tags) }) }),
    onSuccess() {
      acted()
      onClose()
    },
  })
  return (
    <Dialog title={`Title, notes and tags of ${status.name}`} onClose={onClose} isBusy={isPending}>
      <Form submit={mutate} className="describe">
        <p>They help people to find and understand the sweep. The name and the results stay as they are.</p>
        <Field label="Title" value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        <label htmlFor="notes">Notes</label>
        <textarea
          id="notes"
          rows={5}
          maxLength={4000}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
        />
        <label htmlFor="tags">Tags, one on each line, as in the spec: key: value</label>
        <textarea id="tags" rows={3} value={tags} onChange={(event) => setTags(event.target.value)} />
        {error !== null && <Failure error={error} />}
        <p className="dialog-end">
          <Button label="Go back" disabled={isPending} onClick={onClose} />
          <Button label="Save" type="submit" className="primary" disabled={isPending} />
        </p>
      </Form>
    </Dialog>
  )
}

const tagsText = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')

const tagsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [key = '', ...value] = line.split(':')
        return [key.trim(), value.join(':').trim()]
      }),
  )
