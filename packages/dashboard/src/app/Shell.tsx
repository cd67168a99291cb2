import { Link, Outlet } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useDocumentOrigin } from '../live/documentOrigin.tsx'
import { LiveProvider } from '../live/liveness.tsx'
import { LiveMark } from './LiveMark.tsx'
import { Palette } from './Palette.tsx'
import { setTheme, type Theme, theme } from './theme.ts'
import { useSession } from './useSession.ts'

export function Shell() {
  return (
    <LiveProvider>
      <button type="button" className="skip" onClick={toContent}>
        Skip to content
      </button>
      <Header />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </LiveProvider>
  )
}

/**
 * Moves the focus to the content. A link to `#main` would not work, because the part of the address after `#` names the
 * view.
 */
function toContent(): void {
  document.getElementById('main')?.focus()
}

function Header() {
  const { isFarm, fileName } = useDocumentOrigin()
  const { token, role, signOut, show } = useSession()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
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
        {isFarm && role !== 'read' && <Link to="/new">New sweep</Link>}
        <Link to="/play">Playground</Link>
      </nav>
      <div className="bar-end">
        {isFarm ? (
          <LiveMark />
        ) : (
          <span className="file">
            {fileName}{' '}
            <button type="button" className="small" onClick={() => show(null)}>
              Back to the farm
            </button>
          </span>
        )}
        <button type="button" className="small" onClick={() => setOpen(true)} aria-keyshortcuts="Control+K">
          Find <kbd>Ctrl K</kbd>
        </button>
        <ThemeChoice />
        {token !== null && (
          <button type="button" className="small" onClick={signOut} title={`signed in as ${token} with role ${role}`}>
            Sign out
          </button>
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
    <button
      type="button"
      className="small"
      onClick={() => {
        setTheme(next[chosen])
        choose(next[chosen])
      }}
      aria-label={`Change colours (currently ${chosen})`}
      title={`Colours: ${chosen}`}
    >
      {{ system: '◐', light: '☀', dark: '☾' }[chosen]}
    </button>
  )
}
