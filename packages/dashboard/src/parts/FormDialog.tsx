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
  readonly isDangerous?: boolean
  /** Makes the change. Returns what the reader should know of it before the dialog closes. */
  change(farm: FarmClient): Promise<readonly string[]>
  onClose(): void
  readonly children: ReactNode
}

/** A form that changes a sweep. */
export function FormDialog({ title, label, isReady = true, change, onClose, children, isDangerous }: FormDialogProps) {
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
          {error !== null && <Failure error={error} />}
          <p className="dialog-end">
            <Button label="Go back" disabled={isPending} onClick={onClose} />
            <Button
              label={label}
              type="submit"
              className={isDangerous ? 'danger' : 'primary'}
              disabled={!isReady || isPending}
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
