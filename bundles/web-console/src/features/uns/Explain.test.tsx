import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import ExplainDialog from './Explain'

const ruling = { allowed: true, rule: { effect: 'ALLOW', action: 'PUBLISH', filter: 'plant/#' }, position: 3, detail: 'rule 3' } as Schemas['Ruling']
const receiver = (clientId: string, over: Partial<Schemas['Receiver']>) =>
  ({ clientId, credential: { id: `id-${clientId}`, description: `The ${clientId}` }, credentialState: 'ENABLED', online: true, fate: 'SENT', outcome: 'DELIVERED', parameters: {}, text: 'sent', remarks: [], qos: 1, subscriptions: [], ruling: null, ...over }) as unknown as Schemas['Receiver']
const lab = receiver('lab', { fate: 'NO_RIGHTS', outcome: 'MISSED', qos: null, ruling: { allowed: false, rule: null, position: null, detail: 'no rule allows to subscribe here' } })
const mes = receiver('mes', { qos: 0, remarks: [{ code: 'QOS_LOWERED', parameters: { published: '1', delivered: '0' }, text: 'lower' }] })
const explanation = {
  topic: 'plant/speed',
  nodeId: 'n1',
  path: 'plant/speed',
  message: { basis: 'GIVEN', at: '2026-11-30T10:00:00.000Z', qos: 1, retain: true, bytes: 96, messages: 7 },
  sender: {
    publisher: { credentialId: 'c1', description: 'Press line PLCs', clientId: 'plc', address: '10.0.0.7:1' },
    connection: { same: true, address: '10.0.0.7:1', listener: 'mqtts', protocol: '5.0', transport: 'tls', connectedAt: '2026-11-30T09:00:00.000Z' },
    ruling,
  },
  contract: { mode: 'OBSERVE', modeFrom: 'plant', topicPolicy: 'ALLOW', topicPolicyFrom: null, verdict: 'FITS', violation: null, detail: '', revision: 7, updatedAt: null, updatedBy: 'anna', fields: 4 },
  interceptors: [],
  refused: [],
  retained: { at: '2026-11-30T10:00:00.000Z', qos: 1, bytes: 96, expiresAt: null, same: true },
  value: null,
  inStore: 1,
  audience: { subscribers: 2, examined: 2, fates: { SENT: 1, NO_RIGHTS: 1 }, lowered: 1, consumers: 1, receivers: [lab, mes] },
  client: null,
} as unknown as Schemas['Explanation']

let post: ReturnType<typeof vi.fn>

beforeEach(() => {
  vi.spyOn(api, 'GET').mockImplementation((async (path: string, options: { params: { query?: { client?: string } } }) => {
    if (path === '/credentials/{id}') return { data: { id: 'id-lab', description: 'The lab', acl: [{ effect: 'ALLOW', action: 'BOTH', filter: 'other/#' }] }, response: new Response() }
    const client = options.params.query?.client
    return { data: client ? { ...explanation, client: { ...lab, clientId: client, lastConnection: null } } : explanation, response: new Response() }
  }) as never)
  post = vi.fn(async () => ({
    data: { before: explanation, after: { ...explanation, audience: { ...explanation.audience, fates: { SENT: 2 } } }, complete: true, changes: [{ clientId: 'lab', before: lab, after: receiver('lab', {}) }] },
    response: new Response(),
  }))
  vi.spyOn(api, 'POST').mockImplementation(post as never)
})
afterEach(() => vi.restoreAllMocks())

function show(url = '/?explain=arrived') {
  globalThis.history.replaceState(null, '', url)
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ExplainDialog topic="plant/speed" onClose={() => undefined} />
    </QueryClientProvider>,
  )
}

it('tells step by step who published it, by which rule, what the model says and where it is kept', async () => {
  show()

  const steps = await screen.findByTestId('explain-steps')
  expect(steps.textContent).toContain('Client plc published it with Press line PLCs.')
  expect(steps.textContent).toContain('through mqtts with MQTT 5.0')
  expect(steps.textContent).toContain('rule 3: Allow Publish plant/#')
  expect(steps.textContent).toContain('It fits the model.')
  expect(steps.textContent).toContain('said by plant')
  expect(steps.textContent).toContain('It is retained')
  expect(screen.getByTestId('explain-sums').textContent).toBe('1 of 2 miss it')
})

it('tells of each receiver what becomes of it, and why', async () => {
  show()

  expect((await screen.findByTestId('receiver-lab')).textContent).toContain('Not delivered')
  expect(screen.getByTestId('receiver-lab').textContent).toContain('no rule allows it')
  expect(screen.getByTestId('receiver-mes').textContent).toContain('At QoS 0 instead of 1')
})

it('a click on a client asks about it alone', async () => {
  show()

  await userEvent.click(within(await screen.findByTestId('receiver-mes')).getByRole('button', { name: 'mes' }))

  expect((await screen.findByTestId('explain-answer')).textContent).toContain('mes')
  expect(new URLSearchParams(globalThis.location.search).get('client')).toBe('mes')
})

it('who misses it for want of rights can be tried with one more rule, which is not saved', async () => {
  show()

  await userEvent.click(await screen.findByTestId('allow-lab'))
  await screen.findByText('The lab')
  await userEvent.click(screen.getByTestId('whatif-ask'))

  expect((await screen.findByTestId('change-lab')).textContent).toContain('It is sent at once.')
  expect(post.mock.lastCall?.[1]).toEqual({
    body: {
      topic: 'plant/speed',
      access: {
        credentialId: 'id-lab',
        acl: [
          { effect: 'ALLOW', action: 'BOTH', filter: 'other/#' },
          { effect: 'ALLOW', action: 'SUBSCRIBE', filter: 'plant/speed' },
        ],
      },
    },
  })
})

it('the questions have keys', async () => {
  show()
  await screen.findByTestId('explain-steps')

  await userEvent.keyboard('2')
  expect(screen.getByTestId('explain-client')).toBeDefined()

  await userEvent.keyboard('3')
  expect(screen.getByTestId('whatif-kind')).toBeDefined()
})
