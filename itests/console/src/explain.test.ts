/** Situations that are set up with real clients, and what the server says of each when it is asked why. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Api, type NodeView, type Triple } from './harness/api'
import { launchBrowser, Screen } from './harness/browser'
import { as, endAllClients, TestClient, type ConnectOptions } from './harness/mqtt'
import { target } from './harness/paths'
import { Server } from './harness/server'
import { eventually } from './harness/wait'
import { Console } from './pages/console'

interface Receiver {
  clientId: string
  fate: string
  outcome: string
  parameters: Record<string, string>
  remarks: { code: string }[]
  qos: number | null
  ruling: { allowed: boolean; rule: { filter: string } | null; position: number | null } | null
  credentialState: string
}

interface Explanation {
  message: { basis: string; qos: number }
  sender: { publisher: { clientId: string; description: string }; connection: { same: boolean; listener: string; protocol: string } | null; ruling: Receiver['ruling'] }
  contract: { verdict: string | null; mode: string; modeFrom: string | null }
  retained: { same: boolean } | null
  refused: { cause: string; clientId: string }[]
  audience: { subscribers: number; receivers: Receiver[] }
  client: (Receiver & { lastConnection: { sessionPresent: boolean } | null }) | null
}

const admin = { username: 'admin', password: 'correct horse battery' }
const pictures = join(target, 'screenshots')
const TOPIC = 'plant/line1/speed'

let server: Server
let api: Api
let device: Triple
let reader: Triple
let narrow: Triple

beforeAll(async () => {
  server = await Server.start()
  api = new Api(server)
  await api.setUp(admin.username, admin.password)
  device = await api.createCredential('Press PLC', {
    acl: [
      { effect: 'ALLOW', action: 'SUBSCRIBE', filter: 'plant/#' },
      { effect: 'ALLOW', action: 'PUBLISH', filter: 'plant/#' },
    ],
  })
  reader = await api.createCredential('Readers', { clientIdPolicy: 'ANY', acl: [{ effect: 'ALLOW', action: 'BOTH', filter: '#' }] })
  narrow = await api.createCredential('Line 2 only', { clientIdPolicy: 'ANY', acl: [{ effect: 'ALLOW', action: 'BOTH', filter: 'plant/line2/#' }] })
})

afterEach(endAllClients)

afterAll(async () => {
  await server?.dispose()
})

const why = (topic: string, client?: string) => api.get<Explanation>(`/namespace/explain?${new URLSearchParams({ topic, ...(client ? { client } : {}) })}`)

/** What is said of a client that is asked about. */
async function fate(client: string, topic = TOPIC): Promise<NonNullable<Explanation['client']>> {
  return (await why(topic, client)).client!
}

const open = (triple: Triple, clientId: string, more: ConnectOptions = {}) => TestClient.open(server, as(triple, 5, { ...more, clientId }))
const kept = { clean: false, properties: { sessionExpiryInterval: 600 } }

/** Publishes as the device does, and waits until the namespace has it. */
async function publish(topic = TOPIC, payload = '{"v":1}', options: { qos?: 0 | 1 | 2; retain?: boolean } = { qos: 1 }): Promise<TestClient> {
  const plc = await TestClient.open(server, as(device, 5))
  await plc.publish(topic, payload, options)
  await eventually('the namespace has it', async () => expect((await api.value(topic)).raw).toBe(payload))
  return plc
}

test('the publisher is named, with its listener, its version and the rule that lets it', async () => {
  await publish()

  const { sender, message } = await why(TOPIC)

  expect(message).toMatchObject({ basis: 'GIVEN', qos: 1 })
  expect(sender.publisher).toMatchObject({ clientId: device.clientId, description: 'Press PLC' })
  expect(sender.connection).toMatchObject({ same: true, protocol: '5.0' })
  expect(sender.ruling).toMatchObject({ allowed: true, position: 2, rule: { filter: 'plant/#' } })
})

test('a publish that was refused is told', async () => {
  const client = await open(narrow, 'stranger')
  await client.publish(TOPIC, '1', { qos: 1 })

  expect((await why(TOPIC)).refused[0]).toMatchObject({ cause: 'PUBLISH_DENIED', clientId: 'stranger' })
})

describe('a subscriber', () => {
  test('gets it', async () => {
    await (await open(reader, 'plain')).subscribe('plant/+/speed', 1)
    await publish()

    expect(await fate('plain')).toMatchObject({ fate: 'SENT', qos: 1, remarks: [] })
  })

  test('gets it with a lower QoS', async () => {
    await (await open(reader, 'low')).subscribe(TOPIC, 0)
    await publish()

    expect(await fate('low')).toMatchObject({ fate: 'SENT', qos: 0, remarks: [{ code: 'QOS_LOWERED' }] })
  })

  test('gets it once by two subscriptions', async () => {
    await (await open(reader, 'twice')).subscribe([TOPIC, 'plant/#'], 1)
    await publish()

    expect(await fate('twice')).toMatchObject({ fate: 'SENT', remarks: [{ code: 'OVERLAPPING' }] })
  })

  test('came later', async () => {
    await publish()
    await (await open(reader, 'late')).subscribe(TOPIC, 1)

    expect(await fate('late')).toMatchObject({ fate: 'SENT', remarks: [{ code: 'CAME_LATER' }] })
  })

  test('is away, with a session: it is kept', async () => {
    const client = await open(reader, 'away', kept)
    await client.subscribe(TOPIC, 1)
    await client.end()
    await publish()

    expect(await fate('away')).toMatchObject({ fate: 'KEPT', outcome: 'WAITS' })
  })

  test('is away, and subscribed with QoS 0', async () => {
    const client = await open(reader, 'away-0', kept)
    await client.subscribe(TOPIC, 0)
    await client.end()
    await publish()

    expect(await fate('away-0')).toMatchObject({ fate: 'AWAY_AND_QOS_0', outcome: 'MISSED' })
  })

  test('is away, and its session ended with its connection', async () => {
    const client = await open(reader, 'clean')
    await client.subscribe(TOPIC, 1)
    await client.end()

    const answer = await eventually('it has gone', async () => {
      const seen = await fate('clean')
      expect(seen.fate).toBe('NO_SESSION')
      return seen
    })
    expect(answer.lastConnection).toMatchObject({ clientId: 'clean', cause: 'CLIENT' })
  })

  test('takes no packets so large', async () => {
    await (await open(reader, 'small', { properties: { maximumPacketSize: 64 } })).subscribe(TOPIC, 1)
    await publish(TOPIC, JSON.stringify({ v: 'x'.repeat(100) }))

    expect(await fate('small')).toMatchObject({ fate: 'TOO_LARGE', parameters: { maxBytes: '64' } })
  })

  test('may not read it, though it may read some of what it subscribed to', async () => {
    await (await open(narrow, 'line2')).subscribe('plant/#', 1)
    await publish()

    expect(await fate('line2')).toMatchObject({ fate: 'NO_RIGHTS', remarks: [{ code: 'JUDGED_EACH' }], ruling: { allowed: false, rule: null } })
    expect(await fate('line2', 'plant/line2/speed')).toMatchObject({ fate: 'SENT', ruling: { allowed: true, rule: { filter: 'plant/line2/#' } } })
  })

  test('published it itself with No Local', async () => {
    const plc = await TestClient.open(server, as(device, 5))
    plc.mqtt.subscribe('plant/#', { qos: 1, nl: true }, () => {})
    await plc.packet('suback')
    await plc.publish(TOPIC, '{"v":7}', { qos: 1 })
    await eventually('the namespace has it', async () => expect((await api.value(TOPIC)).raw).toBe('{"v":7}'))

    expect(await fate(device.clientId)).toMatchObject({ fate: 'NO_LOCAL', parameters: { filter: 'plant/#' } })
  })

  test('is a member of a Shared Subscription, and it is the turn of another', async () => {
    for (const id of ['one', 'two']) await (await open(reader, id)).subscribe('$share/hall/plant/#', 1)
    await publish()

    const fates = [await fate('one'), await fate('two')]

    expect(fates.map(({ fate }) => fate).sort()).toEqual(['NOT_ITS_TURN', 'SENT'])
    const passed = fates.find(({ fate }) => fate === 'NOT_ITS_TURN')!
    expect(passed.parameters).toEqual({ filter: '$share/hall/plant/#', next: passed.clientId === 'one' ? 'two' : 'one' })
  })
})

describe('a client that does not subscribe to it', () => {
  test('subscribes to something else: the level that differs is told', async () => {
    await (await open(reader, 'other')).subscribe('plant/line2/speed', 1)

    expect(await fate('other')).toMatchObject({ fate: 'FILTER_DOES_NOT_MATCH', parameters: { level: '2', expected: 'line2', found: 'line1' } })
  })

  test('begins with a wildcard, and the topic with a dollar', async () => {
    await (await open(reader, 'all')).subscribe('#', 1)

    expect(await fate('all', '$SYS/broker/uptime')).toMatchObject({ fate: 'WILDCARD_BEFORE_DOLLAR' })
  })

  test('subscribes to nothing', async () => {
    await open(reader, 'idle')

    expect(await fate('idle')).toMatchObject({ fate: 'NO_SUBSCRIPTIONS' })
  })

  test('was refused to subscribe', async () => {
    await (await open(narrow, 'denied')).subscribe(TOPIC, 1)

    expect(await fate('denied')).toMatchObject({ fate: 'SUBSCRIPTION_REFUSED', parameters: { filter: TOPIC } })
  })

  test('is nobody', async () => {
    expect(await fate('nobody')).toMatchObject({ fate: 'NO_SESSION', lastConnection: null })
  })

  test('has a credential that is disabled', async () => {
    const disabled = await api.createCredential('Old panel')
    await api.post(`/credentials/${disabled.id}/disable`)
    await TestClient.open(server, as(disabled, 5))

    expect(await fate(disabled.clientId)).toMatchObject({ fate: 'CONNECT_REFUSED', parameters: { cause: 'DISABLED' }, credentialState: 'DISABLED' })
  })
})

describe('the contract', () => {
  test.each([
    ['OBSERVE', 'OBSERVED'],
    ['ANNOTATE', 'ANNOTATED'],
    ['QUARANTINE', 'HELD'],
    ['REJECT', 'REFUSED'],
  ])('%s: what does not fit is said to be %s, before anybody sends it', async (mode, verdict) => {
    const node = await api.post<NodeView>('/namespace/nodes', {
      type: 'TOPIC',
      path: `Plant/State/${mode.toLowerCase()}`,
      topicType: 'STATE',
      validation: mode,
      model: { fields: [{ name: 'temp', type: 'DOUBLE' }] },
    })

    const { before, after } = await api.post<{ before: Explanation; after: Explanation }>('/namespace/explain:what-if', { topic: node.path, message: { payload: '{"temp":"hot"}' } })

    expect(before.contract).toMatchObject({ verdict, mode, modeFrom: node.path })
    expect(after.contract.verdict).toBe(verdict)
  })

  test('DENY: a topic that nobody modelled is refused', async () => {
    await api.post<NodeView>('/namespace/nodes', { type: 'PATH', path: 'Closed', topicPolicy: 'DENY' })

    const { before } = await api.post<{ before: Explanation }>('/namespace/explain:what-if', { topic: 'Closed/new', message: { payload: '1' } })

    expect(before.contract.verdict).toBe('TOPIC_DENIED')
  })
})

test('what if a credential had one more rule, or a client another subscription', async () => {
  await (await open(narrow, 'wants')).subscribe('plant/#', 1)
  await publish()
  const rules = [{ effect: 'ALLOW', action: 'BOTH', filter: 'plant/#' }]

  const { changes } = await api.post<{ changes: { clientId: string; before: Receiver; after: Receiver }[] }>('/namespace/explain:what-if', {
    topic: TOPIC,
    access: { credentialId: narrow.id, acl: rules },
  })
  const { after } = await api.post<{ after: Explanation }>('/namespace/explain:what-if', {
    topic: TOPIC,
    client: 'wants',
    subscription: { clientId: 'wants', remove: 'plant/#' },
  })

  expect(changes).toMatchObject([{ clientId: 'wants', before: { fate: 'NO_RIGHTS' }, after: { fate: 'SENT' } }])
  expect(after.client).toMatchObject({ fate: 'NO_SUBSCRIPTIONS' })
  expect(await fate('wants')).toMatchObject({ fate: 'NO_RIGHTS' })
})

test('where it is kept', async () => {
  await publish('plant/line1/kept', '{"v":2}', { qos: 1, retain: true })

  expect((await why('plant/line1/kept')).retained).toMatchObject({ same: true })
})

test.each([
  ['light', 1440],
  ['dark', 390],
] as const)('the console tells it step by step, and answers for one client, %s, %i px', async (theme, width) => {
  await (await open(narrow, 'line2')).subscribe('plant/#', 1)
  await publish()
  const browser = await launchBrowser()
  try {
    const screen = await Screen.open(browser, { theme, width })
    const ui = new Console(screen, server)
    await ui.signIn(admin.username, admin.password)
    await screen.page.goto(ui.address(`uns?${new URLSearchParams({ tab: 'unmodeled', unmodeled: TOPIC })}`))
    await screen.page.getByTestId('explain-open').click()
    const steps = screen.page.getByTestId('explain-steps')
    await steps.waitFor()
    expect(await steps.textContent()).toContain(`Client ${device.clientId} published it with Press PLC.`)
    expect(await screen.axe()).toEqual([])
    expect(await screen.overflowsSideways()).toBe(false)
    mkdirSync(pictures, { recursive: true })
    await screen.page.screenshot({ path: join(pictures, `explain-${theme}-${width}.png`), animations: 'disabled', caret: 'hide' })

    await screen.page.getByTestId('receiver-line2').getByRole('button', { name: 'line2' }).click()
    const answer = screen.page.getByTestId('explain-answer')
    await answer.waitFor()
    expect(await answer.textContent()).toContain('Its rights do not let it read this topic.')

    await screen.page.getByTestId('allow-line2').click()
    await screen.page.getByTestId('whatif-ask').click()
    await screen.page.getByTestId('change-line2').waitFor()
    expect(await screen.axe()).toEqual([])
    screen.expectClean()
  } finally {
    await browser.close()
  }
})
