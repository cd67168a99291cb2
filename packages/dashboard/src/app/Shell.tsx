import { Link, Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useDocumentOrigin, useMayChange, useSession } from '../live/documentOrigin.tsx'
import { LiveProvider, useLive } from '../live/liveness.tsx'
import { Button } from '../parts/controls.tsx'
import { clockText } from '../parts/format.ts'
import { Failure } from '../parts/states.tsx'
import { setTheme, type Theme, theme } from '../parts/theme.ts'
import { useWindowEvent } from '../parts/useWindowEvent.ts'
import { Palette } from './Palette.tsx'

export const Shell = () => (
  <LiveProvider>
    <Button label="Skip to content" className="skip" onClick={toContent} />
    <Header />
    <main id="main" tabIndex={-1}>
      <Outlet />
    </main>
  </LiveProvider>
)

/**
 * Moves the focus to the content. A link to `#main` would not work, because the part of the address after `#` names the
 * view.
 */
function toContent(): void {
  document.getElementById('main')?.focus()
}

function Header() {
  const { isFarm, fileName } = useDocumentOrigin()
  const mayChange = useMayChange()
  const { token, role, signOut, show } = useSession()
  const [open, setOpen] = useState(false)
  useWindowEvent('keydown', (event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    setOpen(true)
  })
  return (
    <header className="bar">
      <Link to="/" className="mark">
        Drift Farm
      </Link>
      <nav aria-label="Views">
        <Link to="/" activeOptions={{ exact: true }}>
          Sweeps
        </Link>
        {isFarm && <Link to="/farm">Farm</Link>}
        {mayChange && <Link to="/new">New sweep</Link>}
        <Link to="/play">Playground</Link>
      </nav>
      <div className="bar-end">
        {isFarm ? (
          <LiveMark />
        ) : (
          <span className="file">
            {fileName} <Button label="Back to the farm" small onClick={() => show(null)} />
          </span>
        )}
        <button type="button" className="small" onClick={() => setOpen(true)} aria-keyshortcuts="Control+K">
          Find <kbd>Ctrl K</kbd>
        </button>
        <ThemeChoice />
        {token !== null && (
          <Button label="Sign out" small onClick={signOut} title={`signed in as ${token} with role ${role}`} />
        )}
      </div>
      {open && <Palette onClose={() => setOpen(false)} />}
    </header>
  )
}

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

function ThemeChoice() {
  const [chosen, choose] = useState(theme)
  return (
    <Button
      label={{ system: '◐', light: '☀', dark: '☾' }[chosen]}
      small
      onClick={() => {
        setTheme(next[chosen])
        choose(next[chosen])
      }}
      aria-label={`Change colours (currently ${chosen})`}
      title={`Colours: ${chosen}`}
    />
  )
}

export function LiveMark() {
  const { liveness, pausedByReader, pause } = useLive()
  if (liveness.kind === 'idle') return null
  let words: string = liveness.kind === 'paused' ? 'frozen' : liveness.kind
  if (liveness.kind === 'polling') words = `polling every ${liveness.everySeconds} s`
  if (liveness.kind === 'lost') words = `no connection since ${clockText(liveness.since)}`
  return (
    <span className={`live live-${liveness.kind}`}>
      <span className="dot" aria-hidden="true" />
      <span role="status">{words}</span>
      <Button
        label={pausedByReader ? 'Update page' : 'Freeze page'}
        small
        title={pausedByReader ? 'show the present state, and follow it' : 'keep the page as it is; sweeps continue'}
        onClick={() => pause(!pausedByReader)}
      />
    </span>
  )
}

export const PageNotFound = () => (
  <section className="empty">
    <h1>Page not found</h1>
    <p>
      <Link to="/">Go to the list of sweeps</Link>
    </p>
  </section>
)

/** A part of the page that could not be loaded is not requested again before the page is loaded again. */
export function ViewFailed({ error }: { readonly error: unknown }) {
  const message = 'This view could not be loaded, or an error stopped it. Reload the page to get its newest version.'
  const reload = (): void => location.reload()
  return <Failure title="View not available" error={{ message, hint: String(error) }} again={reload} label="Reload" />
}
