import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { RecycleBinDialog } from './RecycleBin'

const entry: Schemas['RecycledNode'] = {
  id: '1',
  type: 'PATH',
  path: 'Plant/Line_1',
  nodes: 4,
  topics: 2,
  deletedAt: '2026-11-30T10:00:00Z',
  deletedBy: 'anna',
  until: '2026-12-30T10:00:00Z',
}

function show(items: Schemas['RecycledNode'][], canWrite = true) {
  vi.spyOn(api, 'GET').mockResolvedValue({ data: { items, maxNodes: 1000, days: 30 }, response: new Response() } as never)
  const post = vi.fn(async () => ({ data: { id: '1', path: 'Plant/Line_1' }, response: new Response() }))
  vi.spyOn(api, 'POST').mockImplementation(post as never)
  const remove = vi.fn(async () => ({ data: { nodes: 4 }, response: new Response() }))
  vi.spyOn(api, 'DELETE').mockImplementation(remove as never)
  const onRestored = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RecycleBinDialog canWrite={canWrite} onClose={() => undefined} onRestored={onRestored} />
    </QueryClientProvider>,
  )
  return { post, remove, onRestored }
}

it('what was deleted is restored with one click', async () => {
  const { post, onRestored } = show([entry])
  await userEvent.click(await screen.findByTestId('bin-restore-Plant/Line_1'))

  await waitFor(() => expect(onRestored).toHaveBeenCalledOnce())
  expect(post).toHaveBeenCalledWith('/namespace/nodes/{id}/restore', { params: { path: { id: '1' } }, body: {} })
})

it('the bin is emptied only after a question', async () => {
  const { remove } = show([entry])
  await userEvent.click(await screen.findByTestId('bin-clear'))
  expect(remove).not.toHaveBeenCalled()

  await userEvent.click(screen.getByTestId('confirm-action'))

  await waitFor(() => expect(remove).toHaveBeenCalledWith('/namespace/recycle-bin'))
})

it('an empty bin says so', async () => {
  show([])
  expect(await screen.findByTestId('bin-empty')).toBeTruthy()
  expect(screen.queryByTestId('bin-clear')).toBeNull()
})

it('who may only look restores and deletes nothing', async () => {
  show([entry], false)
  await screen.findByTestId('bin-items')
  expect(screen.queryByTestId('bin-restore-Plant/Line_1')).toBeNull()
  expect(screen.queryByTestId('bin-clear')).toBeNull()
})
