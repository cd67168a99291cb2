import { aboutSpec } from '@driftfarm/report'
import { useEffect, useState } from 'react'
import { resolveSpec } from '../../compute/resolveSpec.ts'
import { Button, Dialog } from '../../parts/controls.tsx'
import { Waiting } from '../../parts/states.tsx'
import type { Example } from './examples.ts'
import { LandscapePicture, type Picture, pictureOf } from './LandscapePicture.tsx'

interface Props {
  open(example: Example): void
  onClose(): void
}

/** Every example with its question and a picture of its landscape. */
export function Gallery({ open, onClose }: Props) {
  const [examples, setExamples] = useState<readonly Example[]>([])
  const [pictures, setPictures] = useState<readonly Picture[]>([])
  useEffect(() => {
    let gone = false
    const load = async (): Promise<void> => {
      const loaded = await import('./examples.ts')
      setExamples(loaded.examples)
      for (const { text, files } of loaded.examples) {
        // Lets the page draw.
        await new Promise((resolve) => setTimeout(resolve))
        if (gone) return
        const picture = pictureOf(resolveSpec(text, files).sweep)
        setPictures((before) => [...before, picture])
      }
    }
    void load()
    return () => {
      gone = true
    }
  }, [])
  return (
    <Dialog title="Start from an example" wide onClose={onClose}>
      {examples.length === 0 && <Waiting>Loading the examples</Waiting>}
      <ul className="gallery">
        {examples.map((example, at) => (
          <li key={example.name}>
            <Button label={example.name} onClick={() => open(example)} />
            <p>{aboutSpec(example.text)}</p>
            {pictures[at] !== undefined && <LandscapePicture picture={pictures[at]} height={150} />}
          </li>
        ))}
      </ul>
      <p className="dialog-end">
        <Button label="Go back" onClick={onClose} />
      </p>
    </Dialog>
  )
}
