import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { loadConsoleTexts } from '../src/i18n'

await loadConsoleTexts()

// happy-dom lays nothing out; virtual lists need a height to have rows.
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 600 })
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, get: () => 1000 })
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}

beforeEach(() => {
  globalThis.history.replaceState(null, '', '/')
  sessionStorage.clear()
  localStorage.clear()
})
afterEach(cleanup)
