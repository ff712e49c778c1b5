import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import StalePage from './StalePage'

function show(items: Schemas['StaleTopic'][], total = items.length) {
  vi.spyOn(api, 'GET').mockResolvedValue({ data: { items, total }, response: new Response() } as never)
  render(
    <QueryClientProvider client={new QueryClient()}>
      <StalePage />
    </QueryClientProvider>,
  )
}

it('lists what is stale, with a way to it', async () => {
  show([{ path: 'Plant/temp', topic: 'w/temp', since: '2026-11-30T10:00:00Z', staleAfterSeconds: 60 }], 1_500)

  const link = (await screen.findByText('Plant/temp')).closest('a')!
  expect(link.getAttribute('href')).toBe('/uns?path=Plant%2Ftemp')
  expect(screen.getByTestId('stale-summary').textContent).toContain('1,500')
})

it('says so when nothing is', async () => {
  show([])
  expect(await screen.findByTestId('stale-none')).toBeTruthy()
})
