import { type ChangeEvent, useCallback, useEffect, useState } from 'react'
import { useSession } from '../live/useSession.ts'
import { Dialog, Field } from './controls.tsx'
import { Failure } from './states.tsx'

export function DroppedReports() {
  const { error, open, forget } = useOpenReport()
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault()
    const drop = (event: DragEvent): void => {
      const [file] = event.dataTransfer?.files ?? []
      // A file field handles dropped files itself.
      if (file === undefined || (event.target as Element | null)?.matches?.('input[type=file]')) return
      event.preventDefault()
      void open(file)
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
    <Dialog title="Cannot open the file" onClose={forget}>
      <Failure error={error} />
    </Dialog>
  )
}

/** A file field for a report file, for readers who do not use drag and drop. */
export function OpenReport() {
  const { error, open } = useOpenReport()
  const choose = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const [file] = target.files ?? []
    if (file !== undefined) void open(file)
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
  const [error, setError] = useState<Error | null>(null)
  const open = useCallback(
    async (file: File): Promise<void> => {
      setError(null)
      try {
        const { openReport } = await import('../live/reportFile.ts')
        show(await openReport(file))
        // Go to the list of sweeps, because the previous view belongs to another farm or file.
        location.hash = '#/'
      } catch (thrown) {
        setError(thrown as Error)
      }
    },
    [show],
  )
  return { error, open, forget: () => setError(null) }
}
