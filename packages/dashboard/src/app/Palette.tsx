import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useId, useState } from 'react'
import { useDocumentOrigin, useMayChange } from '../live/documentOrigin.tsx'
import { useLive } from '../live/liveness.tsx'
import { useAnswer } from '../live/useAnswer.ts'
import { Dialog } from '../parts/controls.tsx'
import { shortId } from '../parts/format.ts'
import { tagTexts } from '../parts/tags.ts'
import { setTheme } from '../parts/theme.ts'

interface Command {
  readonly id: string
  readonly name: string
  run(): void
}

const maxShown = 12

export function Palette({ onClose }: { onClose(): void }) {
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const commands = useCommands()
  const found = matching(commands, text).slice(0, maxShown)
  const chosen = Math.min(at, Math.max(0, found.length - 1))
  const run = (command: Command | undefined): void => {
    if (command === undefined) return
    onClose()
    command.run()
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault()
      run(found[chosen])
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || found.length === 0) return
    event.preventDefault()
    setAt((chosen + step + found.length) % found.length)
  }
  return (
    <Dialog title="Find" onClose={onClose}>
      <input
        className="palette"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${chosen}`}
        aria-label="Sweep, view or action"
        placeholder="Sweep, view or action"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={press}
        autoFocus
      />
      <div role="listbox" id={`${id}-list`} aria-label="Results" className="palette-list">
        {found.map((command, place) => (
          <div
            key={command.id}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === chosen}
            tabIndex={-1}
            onMouseDown={() => run(command)}
          >
            {command.name}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="faint">No match. Try another name.</p>}
    </Dialog>
  )
}

function useCommands(): readonly Command[] {
  const navigate = useNavigate()
  const { isFarm } = useDocumentOrigin()
  const mayChange = useMayChange()
  const { pausedByReader, pause } = useLive()
  const { data } = useAnswer('sweeps', {}, { enabled: isFarm })
  const go = (id: string, name: string, to: '/' | '/farm' | '/new' | '/play'): Command => ({
    id,
    name,
    run: () => void navigate({ to }),
  })
  return [
    go('go.sweeps', 'Go to the list of sweeps', '/'),
    ...(isFarm ? [go('go.farm', 'Go to the farm', '/farm')] : []),
    ...(mayChange ? [go('go.new', 'Create a sweep', '/new')] : []),
    go('go.play', 'Go to the playground', '/play'),
    {
      id: 'live.pause',
      name: pausedByReader ? 'Update this page again' : 'Freeze this page',
      run: () => pause(!pausedByReader),
    },
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      id: `theme.${theme}`,
      name: theme === 'system' ? 'Use system colours' : `Use ${theme} colours`,
      run: () => setTheme(theme),
    })),
    ...(data?.sweeps ?? []).map(({ id, name, newest, title, tags = {} }) => ({
      id: `sweep.${id}`,
      name: [`Open ${title ?? name}`, title && name, !newest && shortId(id), ...tagTexts(tags)]
        .filter(Boolean)
        .join(' · '),
      run: () => void navigate({ to: '/sweeps/$ref', params: { ref: id } }),
    })),
  ]
}

/**
 * Returns the commands whose names contain all typed words. A name comes first if it contains a space followed by the
 * first typed word.
 */
function matching(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
  const rank = ({ name }: Command): number => (name.toLowerCase().includes(` ${words[0] ?? ''}`) ? 0 : 1)
  return words.length === 0 ? fits : [...fits].sort((a, b) => rank(a) - rank(b))
}
