import type { FarmClient } from '@driftfarm/report'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useFarmClient } from '../live/documentOrigin.tsx'
import { useLive } from '../live/liveness.tsx'
import { Button, Dialog, Form } from './controls.tsx'
import { Failure, marked } from './states.tsx'

interface FormDialogProps {
  readonly title: string
  /** The name of the change. */
  readonly label: string
  readonly isReady?: boolean
  /** Why the form cannot be submitted; null if it can. */
  readonly mistake?: string | null
  readonly isDangerous?: boolean
  /** Makes the change. Returns what the reader should know of it before the dialog closes. */
  change(farm: FarmClient): Promise<readonly string[]>
  onClose(): void
  readonly children: ReactNode
}

/** A form that changes a sweep. */
export function FormDialog({ title, label, change, onClose, children, isDangerous, ...form }: FormDialogProps) {
  const { isReady = true, mistake = null } = form
  const farm = useFarmClient()
  const { acted } = useLive()
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: () => change(farm),
    onSuccess: (told) => told.length === 0 && onClose(),
    onSettled: acted,
  })
  return (
    <Dialog title={title} onClose={onClose} isBusy={isPending}>
      {data === undefined ? (
        <Form submit={mutate}>
          {children}
          {mistake !== null && <p role="status">{mistake}</p>}
          {error !== null && <Failure error={error} />}
          <p className="dialog-end">
            <Button label="Go back" disabled={isPending} onClick={onClose} />
            <Button
              label={label}
              type="submit"
              className={isDangerous ? 'danger' : 'primary'}
              disabled={!isReady || mistake !== null || isPending}
            />
          </p>
        </Form>
      ) : (
        <>
          {data.map((line) => (
            <p key={line}>{marked(line)}</p>
          ))}
          <p className="dialog-end">
            <Button label="Close" className="primary" onClick={onClose} />
          </p>
        </>
      )}
    </Dialog>
  )
}
