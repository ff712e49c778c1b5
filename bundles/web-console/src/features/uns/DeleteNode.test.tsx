import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { api } from '../../api/client'
import { DeleteNode } from './DeleteNode'

function show(topicCount: number, type: 'PATH' | 'TOPIC' = 'PATH', childCount = 3) {
  const remove = vi.fn(async () => ({ response: new Response(null, { status: 204 }) }))
  vi.spyOn(api, 'DELETE').mockImplementation(remove as never)
  const onDeleted = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <DeleteNode node={{ id: '1', path: 'Aurora/Lyon', name: 'Lyon', type, childCount, topicCount }} onClose={() => undefined} onDeleted={onDeleted} />
    </QueryClientProvider>,
  )
  return { remove, onDeleted, action: screen.getByTestId<HTMLButtonElement>('confirm-action') }
}

it('many topics are not deleted before the name of their path was typed', async () => {
  const { remove, onDeleted, action } = show(100_000)
  expect(action.textContent).toContain('100,000')
  await userEvent.click(action)
  expect(remove).not.toHaveBeenCalled()

  await userEvent.type(screen.getByTestId('confirm-word'), 'Lyon')
  await userEvent.click(action)

  await waitFor(() => expect(onDeleted).toHaveBeenCalledWith('Aurora'))
  expect(remove).toHaveBeenCalledOnce()
})

it('a few are deleted without typing, and are counted', async () => {
  const { remove, action } = show(3)
  expect(action.textContent).toContain('3')

  await userEvent.click(action)

  await waitFor(() => expect(remove).toHaveBeenCalledOnce())
})

const recursive = (remove: ReturnType<typeof show>['remove']) => (remove.mock.lastCall as unknown as [string, { params: { query: { recursive: boolean } } }])[1].params.query.recursive

it('what is below a topic is counted and asked for as below a path', async () => {
  const { remove, onDeleted, action } = show(21, 'TOPIC')
  expect(action.textContent).toContain('21')
  await userEvent.click(action)
  expect(remove).not.toHaveBeenCalled()

  await userEvent.type(screen.getByTestId('confirm-word'), 'Lyon')
  await userEvent.click(action)

  await waitFor(() => expect(onDeleted).toHaveBeenCalledWith('Aurora'))
  expect(recursive(remove)).toBe(true)
})

it('a topic alone is deleted alone', async () => {
  const { remove, action } = show(1, 'TOPIC', 0)
  expect(action.textContent).not.toContain('1')

  await userEvent.click(action)

  await waitFor(() => expect(remove).toHaveBeenCalledOnce())
  expect(recursive(remove)).toBe(false)
})
