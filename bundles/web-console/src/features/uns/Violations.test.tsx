import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { ViolationsCard } from './Violations'

const field = (over: Partial<Schemas['Field']>) => ({ name: 'speed', type: 'INTEGER', nullable: false, coerce: false, ...over }) as Schemas['Field']
const other = field({ name: 'state', type: 'STRING' })
const node = { id: 'n1', revision: 7, effective: { validation: { value: 'OBSERVE', inheritedFrom: null } }, model: { fields: [other, field({ unit: 'm/s' })], quality: 'q' } } as unknown as Schemas['Node']
const value = { violations: 4, violationsInARow: 2, violationsSince: null, lastViolation: null } as unknown as Schemas['Value']

let widening: Schemas['Widening']
let patch: ReturnType<typeof vi.fn>

beforeEach(() => {
  widening = { field: field({ unit: 'm/s' }), wider: field({ unit: 'm/s', type: 'DOUBLE', nullable: true }), values: 8, refused: 3, examples: ['1.5', '2.25'] }
  patch = vi.fn(async () => ({ data: node, response: new Response() }))
  vi.spyOn(api, 'GET').mockImplementation((async (path: string) => ({
    data: path.endsWith('/widenings') ? { widenings: [widening] } : { violating: true, kinds: [], forgotten: 0, healedAt: null },
    response: new Response(),
  })) as never)
  vi.spyOn(api, 'PATCH').mockImplementation(patch as never)
})
afterEach(() => vi.restoreAllMocks())

function show(canWrite = true) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ViolationsCard value={value} node={node} canWrite={canWrite} />
    </QueryClientProvider>,
  )
}

it('a field that keeps refusing values is offered a wider type, with what it refused', async () => {
  show()

  const offer = await screen.findByTestId('widening-speed')
  expect(offer.textContent).toContain('INTEGER')
  expect(offer.textContent).toContain('3')
  expect(offer.textContent).toContain('1.5, 2.25')
  expect(screen.getByTestId('widen-speed').textContent).toBe('Accept DOUBLE, null')
})

it('the wider type is saved for the field, at the revision that was looked at, and nothing else is changed', async () => {
  show()

  await userEvent.click(await screen.findByTestId('widen-speed'))

  await waitFor(() => expect(patch).toHaveBeenCalledOnce())
  expect(patch.mock.lastCall).toEqual([
    '/namespace/nodes/{id}',
    { params: { path: { id: 'n1' }, header: { 'If-Match': '"7"' } }, body: { model: { fields: [other, widening.wider], quality: 'q' } } },
  ])
})

it('says why it could not be saved', async () => {
  patch.mockImplementation(async () => ({ error: { type: 'about:blank', title: 'Somebody was faster', status: 412 }, response: new Response(null, { status: 412 }) }))
  show()

  await userEvent.click(await screen.findByTestId('widen-speed'))

  expect(await screen.findByText(/Somebody was faster/)).toBeDefined()
})

it('who may not change anything is offered nothing', async () => {
  show(false)

  await screen.findByTestId('violations')
  expect(screen.queryByTestId('widening-speed')).toBeNull()
})
