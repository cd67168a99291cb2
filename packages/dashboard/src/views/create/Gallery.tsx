import { aboutSpec } from '@driftfarm/report'
import { useEffect, useState } from 'react'
import { resolveSpec } from '../../compute/resolveSpec.ts'
import { Button, Dialog } from '../../parts/controls.tsx'
import type { Example } from './examples.ts'
import { methodChoices, methodOf, plainOf } from './form.ts'
import { LandscapePicture, type Picture, pictureOf } from './LandscapePicture.tsx'

/** Every example with its question and a picture of its landscape. */
export function Gallery({ open, onClose }: { open(example: Example): void; onClose(): void }) {
  const [examples, setExamples] = useState<readonly Example[]>([])
  const [pictures, setPictures] = useState<readonly Picture[]>([])
  useEffect(() => void import('./examples.ts').then((loaded) => setExamples(loaded.examples)), [])
  useEffect(() => {
    const next = examples[pictures.length]
    if (next === undefined) return
    // One picture at a time, so that the page can react between them.
    const timer = setTimeout(() =>
      setPictures([...pictures, plain(pictureOf(resolveSpec(next.text, next.files).sweep))]),
    )
    return () => clearTimeout(timer)
  }, [examples, pictures])
  return (
    <Dialog title="Start from an example" wide onClose={onClose}>
      <ul className="gallery">
        {examples.map((example, at) => (
          <li key={example.name}>
            <Button label={example.name} onClick={() => open(example)} />
            <p>{aboutSpec(example.text)}</p>
            <p className="faint">Method: {methodWords(example.text)}</p>
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

const methodWords = (text: string): string | undefined =>
  methodChoices.find(([kind]) => kind === methodOf(plainOf(text) ?? {}).kind)?.[1]

/** Without names, which would overlap in a small picture. */
const plain = (picture: Picture): Picture => {
  if (!('scene' in picture)) return picture
  const { scene } = picture
  const marks = scene.marks.map((mark) => ({ ...mark, name: '' }))
  return { scene: { ...scene, coordinates: scene.coordinates.map(() => ''), marks } }
}
