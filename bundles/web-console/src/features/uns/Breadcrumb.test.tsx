import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { Breadcrumb } from './Detail'

it('has a mark between two levels and none at its end', () => {
  const { container } = render(<Breadcrumb path="plant/line/pump" onSelect={() => undefined} />)

  expect(container.querySelectorAll('svg')).toHaveLength(2)
  const last = container.querySelector('li:last-child')!
  expect(last.lastElementChild!.getAttribute('aria-current')).toBe('page')
  expect(last.textContent).toBe('pump')
})

it('leads to each path above', async () => {
  const select = vi.fn()
  render(<Breadcrumb path="plant/line/pump" onSelect={select} />)

  await userEvent.click(screen.getByText('line'))

  expect(select).toHaveBeenCalledWith('plant/line')
})
