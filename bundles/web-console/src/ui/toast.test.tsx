import { act, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { toast, Toasts } from './toast'

it('what was said about the same thing before is not so any more, and goes', () => {
  render(<Toasts />)

  act(() => {
    toast({ kind: 'ok', text: 'Line 1 is disabled', about: 'c1' })
    toast({ kind: 'ok', text: 'Line 2 is disabled', about: 'c2' })
    toast({ kind: 'ok', text: 'Line 1 is enabled', about: 'c1' })
  })

  expect(screen.getAllByTestId('toast').map((item) => item.textContent)).toEqual(['Line 2 is disabled', 'Line 1 is enabled'])
})
