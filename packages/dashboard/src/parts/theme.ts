import { themeProperties } from '@driftfarm/report'
import { useEffect, useState } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const key = 'driftfarm.theme'

export function theme(): Theme {
  const stored = read(key)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function setTheme(next: Theme): void {
  write(key, next === 'system' ? null : next)
  applyTheme()
}

export function applyTheme(): void {
  const chosen = theme()
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}

export const isDark = (): boolean =>
  theme() === 'dark' || (theme() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)

/** Reads a value from local storage; null if no value is stored or the browser forbids storage. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

export function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    // Private windows may forbid storage.
  }
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
  return dark ? colors.dark : colors.light
}

const colorsOf = (theme: 'light' | 'dark') => {
  const of = themeProperties(theme)
  return {
    paper: of['--figure-paper']!,
    ink: of['--figure-ink']!,
    faint: of['--figure-faint']!,
    line: of['--figure-line']!,
  }
}

const colors = { light: colorsOf('light'), dark: colorsOf('dark') }
