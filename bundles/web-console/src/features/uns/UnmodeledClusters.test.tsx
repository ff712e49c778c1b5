import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { UnmodeledClusters } from './UnmodeledClusters'

const cluster = (topics: number, fields: string[], format = 'JSON') => ({
  format,
  fields,
  moreFields: 0,
  topics,
  publishers: ['Line 1 gateway'],
  branches: [{ path: 'gw-1', topics }],
  examples: [`gw-1/${topics}`],
})

afterEach(() => vi.unstubAllGlobals())

function show(items: object[]) {
  vi.stubGlobal('fetch', async () => Response.json({ items, topics: 0 }))
  const chosen = { topic: vi.fn(), branch: vi.fn() }
  render(
    <QueryClientProvider client={new QueryClient()}>
      <UnmodeledClusters selected={undefined} onSelect={chosen.topic} onBranch={chosen.branch} />
    </QueryClientProvider>,
  )
  return chosen
}

it('says how many topics look alike, by what, and from whom', async () => {
  show([cluster(412, ['cur', 'err', 'run', 'speed', 'temp', 'vib', 'x']), cluster(3, [], 'SCALAR')])

  const first = await screen.findByTestId('cluster-0')
  expect(first.textContent).toContain('412')
  expect(first.textContent).toContain('cur, err, run, speed, temp …2')
  expect(first.textContent).toContain('Line 1 gateway')
  expect(screen.getByTestId('cluster-1').textContent).toContain('value')
})

it('opens to where they are: a branch to convert, and topics', async () => {
  const chosen = show([cluster(412, ['speed'])])

  await userEvent.click(await screen.findByTestId('cluster-0'))
  await userEvent.click(screen.getByText('gw-1'))
  await userEvent.click(screen.getByText('gw-1/412'))

  expect(chosen.branch).toHaveBeenCalledWith('gw-1')
  expect(chosen.topic).toHaveBeenCalledWith('gw-1/412')
})

it('says that there are none', async () => {
  show([])

  expect(await screen.findByText('Everything is modelled')).toBeDefined()
})
