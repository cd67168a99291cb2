import { useMutation } from '@tanstack/react-query'
import { type ChangeEvent, useEffect } from 'react'
import { useSession } from '../live/useSession.ts'
import { Dialog, Field } from './controls.tsx'
import { Failure } from './states.tsx'

export function DroppedReports() {
  const { error, mutate: open, reset } = useOpenReport()
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault()
    const drop = (event: DragEvent): void => {
      const [file] = event.dataTransfer?.files ?? []
      // A file field handles dropped files itself.
      if (file === undefined || (event.target as Element | null)?.matches?.('input[type=file]')) return
      event.preventDefault()
      open(file)
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  }, [open])
  if (error === null) return null
  return (
    <Dialog title="Cannot open the file" onClose={reset}>
      <Failure error={error} />
    </Dialog>
  )
}

/** A file field for a report file, for readers who do not use drag and drop. */
export function OpenReport() {
  const { error, mutate: open } = useOpenReport()
  const choose = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const [file] = target.files ?? []
    if (file !== undefined) open(file)
  }
  return (
    <div>
      <Field label="Open a report file" type="file" accept=".html,.htm" onChange={choose} />
      {error !== null && <Failure error={error} />}
    </div>
  )
}

function useOpenReport() {
  const { show } = useSession()
  return useMutation({
    async mutationFn(file: File) {
      const { openReport } = await import('../live/reportFile.ts')
      show(await openReport(file))
      // Go to the list of sweeps, because the previous view belongs to another farm or file.
      location.hash = '#/'
    },
  })
}
