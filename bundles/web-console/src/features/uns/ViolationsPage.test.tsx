import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api } from '../../api/client'
import type { Group } from './groups'
import ViolationsPage from './ViolationsPage'

function group(topic: string, code: Group['last']['code'], at: string, violating = true): Group {
  return {
    topic,
    nodeId: topic,
    path: topic,
    validation: 'OBSERVE',
    violating,
    healedAt: violating ? null : at,
    publisher: { credentialId: 'c', description: 'Gateway', clientId: 'gw', address: '10.0.0.7:1' },
    count: 3,
    firstAt: at,
    last: { code, field: 'speed', type: 'NUMBER', found: '140', expected: 'at most 120', expectation: { kind: 'AT_MOST', value: '120' }, reason: '140 (expected: at most 120)', why: null, at },
  }
}

const GROUPS = [group('line/a', 'RANGE', '2026-11-23T08:20:00Z'), group('line/b', 'RANGE', '2026-11-23T08:10:00Z', false), group('line/c', 'TYPE', '2026-11-23T08:00:00Z')]

beforeEach(() => {
  // As on a wide screen: the panel stands beside the table.
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }))
  vi.spyOn(api, 'GET').mockImplementation((async (path: string, options: { params: { query?: { path?: string; topic?: string } } }) => {
    if (path === '/violations/groups') return { data: { total: 3, items: GROUPS }, response: new Response() }
    if (path === '/namespace/value')
      return {
        data: { topic: options.params.query!.topic, raw: '{"speed":140,"ok":true}', rawEncoding: 'text', truncated: false, receivedAt: '2026-11-23T08:20:00Z', violationsInARow: 3, lastViolation: GROUPS[0]!.last },
        response: new Response(),
      }
    return { data: { id: 'n', revision: 1, model: { fields: [] }, widenings: [] }, response: new Response() }
  }) as never)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

function show() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ViolationsPage canWrite />
    </QueryClientProvider>,
  )
}

const rows = () => screen.queryAllByTestId(/^violation-row-/).map((row) => row.dataset['testid'])

it('shows one row for each group, the latest first, and the latest with its payload and the line that is wrong', async () => {
  show()

  await waitFor(() => expect(rows()).toEqual(['violation-row-line/a', 'violation-row-line/b', 'violation-row-line/c']))
  const panel = await screen.findByTestId('violation-panel')
  await waitFor(() => expect(panel.querySelector('.payload-line.wrong')?.textContent).toContain('140'))
  expect(panel.textContent).toContain('at most 120')
  expect(screen.getByTestId('violations-summary').textContent).toBe('9 messages did not fit their models, on 3 topics')
})

it('is narrowed by a code, and by what is open', async () => {
  show()

  await userEvent.click(await screen.findByTestId('violations-code-RANGE'))
  await waitFor(() => expect(rows()).toEqual(['violation-row-line/a', 'violation-row-line/b']))
  await userEvent.click(screen.getByTestId('violations-tab-OPEN'))
  await waitFor(() => expect(rows()).toEqual(['violation-row-line/a']))
})

it('is walked with J and K', async () => {
  show()
  await waitFor(() => expect(rows()).toHaveLength(3))

  await userEvent.keyboard('j')
  await waitFor(() => expect(screen.getByTestId('violation-row-line/b').className).toContain('on'))
  await userEvent.keyboard('jj')
  await waitFor(() => expect(screen.getByTestId('violation-row-line/c').className).toContain('on'))
  await userEvent.keyboard('k')
  await waitFor(() => expect(screen.getByTestId('violation-row-line/b').className).toContain('on'))
})

it('shows what is alike on several topics as one', async () => {
  show()

  await userEvent.click(await screen.findByText('Clusters'))

  const clusters = await screen.findByTestId('violation-clusters')
  await waitFor(() => expect(clusters.querySelectorAll('tbody tr')).toHaveLength(2))
  expect(clusters.textContent).toContain('2 topics')
})
