import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { NodeHistoryDialog } from './NodeHistory'

const node = { id: '1', name: 'temp', path: 'a/temp', revision: 2 } as Schemas['Node']
const items: Schemas['NodeVersion'][] = [
  { revision: 2, at: '2026-11-30T10:00:00Z', by: 'ben', differences: [{ key: 'fields.v.type', before: 'INTEGER', after: 'DOUBLE' }] },
  { revision: 1, at: '2026-11-29T10:00:00Z', by: 'anna', differences: [] },
]

function show(canWrite = true) {
  vi.spyOn(api, 'GET').mockResolvedValue({ data: { items, maximum: 20 }, response: new Response() } as never)
  const post = vi.fn(async () => ({ data: node, response: new Response() }))
  vi.spyOn(api, 'POST').mockImplementation(post as never)
  const onClose = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <NodeHistoryDialog node={node} canWrite={canWrite} onClose={onClose} />
    </QueryClientProvider>,
  )
  return { post, onClose }
}

it('says who changed what, and puts an earlier version back after a question', async () => {
  const { post, onClose } = show()
  const version = await screen.findByTestId('version-2')
  expect(version.textContent).toContain('ben')
  expect(version.textContent).toMatch(/INTEGER.*DOUBLE/)
  expect(screen.queryByTestId('put-back-2')).toBeNull()
  await userEvent.click(screen.getByTestId('put-back-1'))
  expect(post).not.toHaveBeenCalled()

  await userEvent.click(screen.getByTestId('confirm-action'))

  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect(post).toHaveBeenCalledWith('/namespace/nodes/{id}/history/{revision}/put-back', {
    params: { path: { id: '1', revision: 1 }, header: { 'If-Match': '"2"' } },
  })
})

it('who may only look puts nothing back', async () => {
  show(false)
  await screen.findByTestId('version-1')
  expect(screen.queryByTestId('put-back-1')).toBeNull()
})
