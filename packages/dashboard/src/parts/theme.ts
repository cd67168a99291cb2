import { palette } from '@driftfarm/report'
import { useEffect, useState } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const key = 'driftfarm.theme'

/** Private windows may forbid storage. The theme is then that of the system. */
export function theme(): Theme {
  try {
    const stored = localStorage.getItem(key)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

export function setTheme(next: Theme): void {
  try {
    localStorage.setItem(key, next)
  } catch {
    return
  }
  applyTheme()
}

export function applyTheme(): void {
  const chosen = theme()
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}

export function isDark(): boolean {
  const { theme: shown } = document.documentElement.dataset
  return shown === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : shown === 'dark'
}

/** The colours of figures in the current theme, for canvases, to which style sheets do not apply. */
export function useFigureColors() {
  const [dark, setDark] = useState(isDark)
  useEffect(() => {
    const look = (): void => setDark(isDark())
    const media = matchMedia('(prefers-color-scheme: dark)')
    const observer = new MutationObserver(look)
    media.addEventListener('change', look)
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      media.removeEventListener('change', look)
      observer.disconnect()
    }
  }, [])
  return dark ? palette.dark : palette.light
}
