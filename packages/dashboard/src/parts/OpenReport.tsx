import { useMutation } from '@tanstack/react-query'
import { useSession } from '../live/documentOrigin.tsx'
import { Dialog, Field } from './controls.tsx'
import { Failure } from './states.tsx'
import { useWindowEvent } from './useWindowEvent.ts'

export function DroppedReports() {
  const { error, mutate: open, reset } = useOpenReport()
  useWindowEvent('dragover', (event) => event.preventDefault())
  useWindowEvent('drop', (event) => {
    const [file] = event.dataTransfer?.files ?? []
    // A file field handles dropped files itself.
    if (file === undefined || (event.target as Element | null)?.matches?.('input[type=file]')) return
    event.preventDefault()
    open(file)
  })
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
  return (
    <div>
      <Field
        label="Open a report file"
        type="file"
        accept=".html,.htm"
        onChange={({ target: { files } }) => files?.[0] && open(files[0])}
      />
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
