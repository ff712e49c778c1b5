import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark' | 'system'

const KEY = 'busbar.theme'
const listeners = new Set<() => void>()
const system = globalThis.matchMedia?.('(prefers-color-scheme: dark)')

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY)
    if (value === 'light' || value === 'dark') return value
  } catch {
    // Storage is switched off: the system's choice it is.
  }
  return 'system'
}

let theme = stored()

function apply(): void {
  const dark = theme === 'dark' || (theme === 'system' && system?.matches === true)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

system?.addEventListener?.('change', apply)

export function setTheme(next: Theme): void {
  theme = next
  try {
    if (next === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch {
    // Not remembered, still used.
  }
  apply()
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
}
