import { palette } from '@driftfarm/report'
import { useSyncExternalStore } from 'react'
import { keep, kept } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'

const key = 'driftfarm.theme'

export function theme(): Theme {
  const stored = kept(key)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function setTheme(next: Theme): void {
  keep(key, next)
  applyTheme()
}

/** Shows the light or dark colours that the reader has chosen, or else those of the system. */
export function applyTheme(chosen = kept(key)): void {
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
  else delete document.documentElement.dataset.theme
}

export function isDark(): boolean {
  const { theme: shown } = document.documentElement.dataset
  return shown === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : shown === 'dark'
}

function onTheme(look: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)')
  const observer = new MutationObserver(look)
  media.addEventListener('change', look)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => {
    media.removeEventListener('change', look)
    observer.disconnect()
  }
}

/** The current theme, for canvases, to which style sheets do not apply. */
export const useFigureTheme = () => (useSyncExternalStore(onTheme, isDark) ? 'dark' : 'light')

/** The colours of figures in the current theme. */
export const useFigureColors = () => palette[useFigureTheme()]
