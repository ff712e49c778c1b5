import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api } from './client'
import { useSearch } from './queries'

const search = () => vi.mocked(api.GET).mock.calls.length
const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(api, 'GET').mockImplementation((async () => ({ data: { items: [], more: false }, response: new Response() })) as never)
})
afterEach(() => vi.useRealTimers())

function open(every?: number) {
  const client = new QueryClient()
  renderHook(() => useSearch('lamp', 8, 'ALL', every), { wrapper: ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> })
}

it('a search is not repeated unless somebody says how often', async () => {
  open()

  await later(120_000)

  expect(search()).toBe(1)
})

it('a search that stays open is repeated as often as it says', async () => {
  open(30_000)
  await later(29_000)
  expect(search()).toBe(1)

  await later(2_000)

  expect(search()).toBe(2)
})
