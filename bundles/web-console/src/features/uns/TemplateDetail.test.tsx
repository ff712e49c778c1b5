import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { changeText } from './templatechanges'
import { TemplateDetail } from './TemplateDetail'

const field = (name: string, more: Partial<Schemas['Field']> = {}): Schemas['Field'] => ({ name, type: 'DOUBLE', required: false, ...more })
const stamp = { createdAt: '2026-11-03T08:00:00Z', createdBy: 'anna' }
const PRESS: Schemas['Template'] = {
  id: 't1',
  name: 'PressMetrics',
  alias: null,
  description: null,
  labels: [],
  latest: '2.0.0',
  fields: 2,
  topics: 4,
  topicsOnOlder: 3,
  versions: [
    { version: '2.0.0', note: 'Tool id', fields: 2, topics: 1, ...stamp },
    { version: '1.0.0', note: null, fields: 2, topics: 3, ...stamp },
  ],
  revision: 5,
  updatedAt: stamp.createdAt,
  updatedBy: 'anna',
  ...stamp,
}
const CHANGES: Schemas['FieldChange'][] = [
  { kind: 'NARROWED', field: 'pressure', breaks: true, before: field('pressure', { max: 315 }), after: field('pressure', { max: 250 }) },
  { kind: 'ADDED', field: 'tool', breaks: false, before: null, after: field('tool', { type: 'STRING' }) },
  { kind: 'REMOVED', field: 'old', breaks: true, before: field('old'), after: null },
]
const VERSION: Schemas['TemplateVersion'] = {
  ...PRESS.versions[0]!,
  templateId: 't1',
  name: 'PressMetrics',
  model: { fields: [field('pressure', { max: 250 }), field('tool', { type: 'STRING' })], unknownFields: 'WARN' },
  since: '1.0.0',
  changes: CHANGES,
}
const IMPACT: Schemas['TemplateImpact'] = {
  revision: 5,
  total: 3,
  passing: 2,
  failing: 1,
  refused: 0,
  unheard: 0,
  changes: [],
  nodes: [{ id: 'n', path: 'line/a', version: '1.0.0', passes: false, payloads: 1, violating: 1, broken: 1, problem: 'no', why: null, violation: null }],
}

beforeEach(() => {
  vi.spyOn(api, 'GET').mockImplementation((async (path: string) => {
    const data = path === '/templates/{id}' ? PRESS : path === '/templates/{id}/impact' ? IMPACT : VERSION
    return { data, response: new Response() }
  }) as never)
})
afterEach(() => vi.restoreAllMocks())

function show(canWrite = true) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TemplateDetail id="t1" canWrite={canWrite} onDeleted={() => undefined} />
    </QueryClientProvider>,
  )
}

it('marks what differs with a sign beside the colour, also what is no more', async () => {
  show()

  const row = async (name: string) => (await screen.findByTestId(`template-field-${name}`)).textContent
  expect(await row('pressure')).toContain('~')
  expect(await row('tool')).toContain('+')
  expect(await row('old')).toContain('−')
  expect(screen.getByTestId('template-changes').textContent).toContain('2 to check')
})

it('says of a change what was and what is', () => {
  expect(changeText(CHANGES[0]!)).toBe('narrower: at most 315 → at most 250')
  expect(changeText(CHANGES[1]!)).toBe('added')
})

it('moves topics only after a look, and only those that pass', async () => {
  const user = userEvent.setup()
  const post = vi.spyOn(api, 'POST').mockImplementation((async () => ({ data: { moved: 2, left: 1 }, response: new Response() })) as never)
  show()

  expect(screen.queryByTestId('template-move-1.0.0')).toBeNull()
  await user.click(await screen.findByTestId('template-rehearse-1.0.0'))
  expect((await screen.findByTestId('template-impact-1.0.0')).textContent).toContain('1 would not pass')
  await user.click(screen.getByRole('button', { name: 'Show the 1' }))
  expect(screen.getByText('line/a')).toBeTruthy()
  await user.click(screen.getByTestId('template-move-1.0.0'))

  await waitFor(() => expect(post).toHaveBeenCalledOnce())
  expect(post.mock.calls[0]![1]).toMatchObject({ params: { header: { 'If-Match': '"5"' } }, body: { from: '1.0.0', to: '2.0.0', onlyPassing: true } })
})

it('offers those who may only look nothing to change', async () => {
  show(false)

  await screen.findByTestId('template-field-tool')
  expect(screen.queryByTestId('template-new-version')).toBeNull()
  expect(screen.queryByTestId('template-menu')).toBeNull()
})
