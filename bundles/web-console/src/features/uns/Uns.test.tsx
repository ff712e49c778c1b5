import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { api } from '../../api/client'
import Uns from './Uns'

beforeEach(() => {
  // Rows are only drawn where there is room for them.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(280)
  const levels = [{ name: '', path: '', topics: 2, branch: true, topic: null }]
  const pages: Record<string, object> = {
    '/namespace/tree': { path: '', nodes: [], nextCursor: null, total: 0, topics: 0, unmodeledTopics: 2, revision: 1 },
    '/namespace/unmodeled/tree': { levels, nextCursor: null, notKept: 0 },
  }
  const below = { levels: [], nextCursor: null, notKept: 0 }
  const get = (path: string, init?: { params?: { query?: { under?: string } } }) => {
    const page = init?.params?.query?.under ? below : pages[path]
    return page ? Promise.resolve({ data: page, response: new Response() }) : new Promise(() => undefined)
  }
  vi.spyOn(api, 'GET').mockImplementation(get as never)
})

function show(url: string) {
  globalThis.history.replaceState(null, '', url)
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Uns canWrite />
    </QueryClientProvider>,
  )
}

it('the level without a name, of topics that begin with a slash, is a branch as others are', async () => {
  show('/uns?tab=unmodeled')

  await userEvent.click(await screen.findByTestId('unmodeled-item-'))

  expect(new URLSearchParams(globalThis.location.search).get('branch')).toBe('')
  expect((await screen.findByTestId('unmodeled-branch')).querySelector('h1')?.textContent).not.toBe('')
  expect(screen.getByTestId('unmodeled-item-').getAttribute('aria-selected')).toBe('true')
})

it('without a branch in the URL there is none', async () => {
  show('/uns?tab=unmodeled')

  expect((await screen.findByTestId('unmodeled-item-')).getAttribute('aria-selected')).toBe('false')
  expect(screen.queryByTestId('unmodeled-branch')).toBeNull()
})
