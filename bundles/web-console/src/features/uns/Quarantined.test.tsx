import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { QuarantinedCard } from './Quarantined'

const violation = { code: 'TYPE', field: 'temp', type: 'STRING', found: '"hot"', expected: 'a number', expectation: { kind: 'NUMBER', value: '' }, reason: '"hot" (expected: a number)', at: '2026-11-30T10:00:00Z' } as Schemas['Violation']
const publisher = { credentialId: 'c1', description: 'Line 1', clientId: 'uns1', address: null }
const held = (over: Partial<Schemas['QuarantinedMessage']>) =>
  ({ id: 'm1', topic: 'dev/42', raw: '{"temp":"hot"}', bytes: 14, at: '2026-11-30T10:00:00Z', publisher, violation, stillWrong: violation, ...over }) as Schemas['QuarantinedMessage']
const model = { fields: [], unknownFields: 'ALLOW', quality: null } as unknown as Schemas['Model']

const nodeWith = (mode: Schemas['ValidationMode']) => ({ id: 'n1', topic: 'dev/42', path: 'Plant/oven', effective: { validation: { value: mode, inheritedFrom: null } } }) as unknown as Schemas['Node']

let items: Schemas['QuarantinedMessage'][]
let calls: ReturnType<typeof vi.fn<(...args: unknown[]) => void>>

beforeEach(() => {
  items = [held({})]
  calls = vi.fn()
  const answer = (method: string) => async (path: string, options?: unknown) => {
    if (method !== 'GET' || path !== '/quarantine') calls(method, path, options)
    const data =
      path === '/quarantine' ? { items, total: items.length, nextCursor: null } : path.endsWith('/accepting-model') ? { nodeId: 'n1', revision: 7, model } : { accepted: true, reason: null }
    return { data, response: new Response() }
  }
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE'] as const) vi.spyOn(api, method).mockImplementation(answer(method) as never)
})
afterEach(() => vi.restoreAllMocks())

function show({ canWrite = true, mode = 'QUARANTINE' as Schemas['ValidationMode'] } = {}) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <QuarantinedCard node={nodeWith(mode)} canWrite={canWrite} />
    </QueryClientProvider>,
  )
}

it('shows what was held, what is wrong with it, and who sent it', async () => {
  show()

  const row = await screen.findByTestId('quarantined')
  expect(row.textContent).toContain('TYPE')
  expect(row.textContent).toContain('temp')
  expect(row.textContent).toContain('{"temp":"hot"}')
  expect(row.textContent).toContain('Line 1')
  expect(vi.mocked(api.GET).mock.lastCall).toEqual(['/quarantine', { params: { query: { topic: 'dev/42', limit: 50 } } }])
})

it('what does not fit yet can be accepted in the model; then it is published again', async () => {
  show()

  const row = within(await screen.findByTestId('quarantined'))
  expect(row.queryByTestId('quarantine-replay')).toBeNull()
  await userEvent.click(row.getByTestId('quarantine-accept'))

  await waitFor(() => expect(calls).toHaveBeenCalledWith('PATCH', '/namespace/nodes/{id}', { params: { path: { id: 'n1' }, header: { 'If-Match': '"7"' } }, body: { model } }))
})

it('what fits by now is published again', async () => {
  items = [held({ stillWrong: null })]
  show()

  const row = within(await screen.findByTestId('quarantined'))
  expect(row.queryByTestId('quarantine-accept')).toBeNull()
  await userEvent.click(row.getByTestId('quarantine-replay'))

  await waitFor(() => expect(calls).toHaveBeenCalledWith('POST', '/quarantine/{id}/replay', { params: { path: { id: 'm1' } } }))
})

it('says so if the broker refuses it', async () => {
  items = [held({ stillWrong: null })]
  vi.mocked(api.POST).mockImplementation((async () => ({ data: { accepted: false, reason: 'Quota exceeded' }, response: new Response() })) as never)
  show()

  await userEvent.click(await screen.findByTestId('quarantine-replay'))

  expect((await screen.findByRole('alert')).textContent).toBe('Quota exceeded')
})

it('asks before a newer retained message is replaced', async () => {
  items = [held({ stillWrong: null })]
  vi.mocked(api.POST).mockImplementation((async () => ({ error: { type: 'urn:busbar:problem:newer-retained', title: 'Newer', status: 409 }, response: new Response(null, { status: 409 }) })) as never)
  show()

  await userEvent.click(await screen.findByTestId('quarantine-replay'))
  await userEvent.click(await screen.findByTestId('quarantine-keep'))

  expect((await screen.findByRole('alert')).textContent).toBe('The topic has a retained message that came later.')
  expect(vi.mocked(api.POST).mock.lastCall).toEqual(['/quarantine/{id}/replay', { params: { path: { id: 'm1' }, query: { retained: 'KEEP' } } }])
})

it('who may only look has no buttons', async () => {
  show({ canWrite: false })

  const row = within(await screen.findByTestId('quarantined'))
  expect(row.queryAllByRole('button')).toEqual([])
  expect(screen.queryByTestId('quarantine-clear')).toBeNull()
})

it('is there if the topic holds messages back, or some are held; else not', async () => {
  items = []
  show()
  expect((await screen.findByTestId('quarantine-count')).textContent).toBe('0')
})

it('is not there for other topics', async () => {
  items = []
  show({ mode: 'OBSERVE' })
  await waitFor(() => expect(api.GET).toHaveBeenCalled())
  expect(screen.queryByTestId('quarantine')).toBeNull()
})

it('does not say that nothing is held if it cannot know', async () => {
  vi.mocked(api.GET).mockImplementation((async () => ({ error: { type: 'about:blank', title: 'Unavailable', detail: 'The namespace does not run.', status: 503 }, response: new Response(null, { status: 503 }) })) as never)
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <QuarantinedCard node={nodeWith('QUARANTINE')} canWrite />
    </QueryClientProvider>,
  )

  await waitFor(() => expect(screen.getByTestId('quarantine').textContent).toContain('The namespace does not run.'))
  expect(screen.getByTestId('quarantine').textContent).not.toContain('Nothing is held')
})
