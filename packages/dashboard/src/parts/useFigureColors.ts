import { themeProperties } from '@driftfarm/report'
import { useEffect, useState } from 'react'
import { isDark } from '../app/theme.ts'

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
    missing: of['--figure-missing']!,
  }
}

const colors = { light: colorsOf('light'), dark: colorsOf('dark') }
