/** The contract of a topic on the wire: what becomes of a payload that does not fit, in each mode, at each QoS and version. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Api, problemOf, type NodeView, type Triple } from './harness/api'
import { as, endAllClients, TestClient } from './harness/mqtt'
import { Server } from './harness/server'
import { eventually } from './harness/wait'

const admin = { username: 'admin', password: 'correct horse battery' }
const GOOD = '{"temp":20.5}'
const BAD = '{"temp":"hot"}'
const modes = ['OFF', 'OBSERVE', 'ANNOTATE', 'QUARANTINE', 'REJECT'] as const
type Mode = (typeof modes)[number]

let server: Server
let api: Api
let device: Triple
let watcher: Triple

const topicOf = (mode: Mode) => `Plant/State/${mode.toLowerCase()}`

beforeAll(async () => {
  server = await Server.start()
  api = new Api(server)
  await api.setUp(admin.username, admin.password)
  device = await api.createCredential('Oven', { acl: [{ effect: 'ALLOW', action: 'BOTH', filter: '#' }] })
  watcher = await api.createCredential('Watcher', { acl: [{ effect: 'ALLOW', action: 'BOTH', filter: '#' }] })
  for (const mode of modes) {
    await api.post<NodeView>('/namespace/nodes', {
      type: 'TOPIC',
      path: topicOf(mode),
      topicType: 'STATE',
      validation: mode,
      model: { fields: [{ name: 'temp', type: 'DOUBLE' }] },
    })
  }
  await api.post<NodeView>('/namespace/nodes', { type: 'PATH', path: 'Closed', topicPolicy: 'DENY' })
})

afterEach(endAllClients)

afterAll(async () => {
  await server?.dispose()
})

/** Somebody who sees what is delivered, with its User Properties. */
async function watch(): Promise<TestClient> {
  const client = await TestClient.open(server, as(watcher, 5))
  expect(await client.subscribe('#', 2)).toEqual([2])
  return client
}

const userProperties = (client: TestClient, payload: string) =>
  client.packets.findLast(packet => packet.cmd === 'publish' && String(packet['payload']) === payload)?.properties?.['userProperties']

/** A payload of its own for each message, so that none is mistaken for another. */
let number = 0
const bad = () => `{"temp":"hot ${++number}"}`

describe.each([3, 4, 5] as const)('protocol level %i', version => {
  describe.each([0, 1, 2] as const)('QoS %i', qos => {
    test.each(modes)('%s', async mode => {
      const seen = await watch()
      const client = await TestClient.open(server, as(device, version))
      const before = (await api.value(topicOf(mode))).violations
      const wrong = bad()
      const right = `{"temp":${++number}}`

      const code = await client.publish(topicOf(mode), wrong, { qos })
      expect(await client.publish(topicOf(mode), right, { qos })).toBe(0)
      await seen.message('what fits', message => String(message.payload) === right)

      expect(seen.received.some(message => String(message.payload) === wrong)).toBe(mode !== 'REJECT' && mode !== 'QUARANTINE')
      expect(code).toBe(mode === 'REJECT' && version === 5 && qos > 0 ? 0x99 : 0)
      expect(userProperties(seen, right)).toEqual(mode === 'ANNOTATE' ? { 'uns-valid': 'true' } : undefined)
      if (mode === 'ANNOTATE')
        expect(userProperties(seen, wrong)).toEqual({
          'uns-valid': 'false',
          'uns-violation': `TYPE: field temp is STRING: ${JSON.stringify(JSON.parse(wrong).temp)} (expected: a number)`,
        })
      if (version === 5 && qos > 0) {
        const told = client.packets.find(packet => packet.cmd === (qos === 1 ? 'puback' : 'pubrec'))?.properties?.reasonString
        if (mode === 'ANNOTATE' || mode === 'REJECT' || mode === 'QUARANTINE') expect(told).toMatch(/^(held back: )?TYPE: field temp is STRING: .*expected: a number.*; revision \d+ of the model$/)
        else expect(told).toBeUndefined()
      }
      expect(client.connected).toBe(true)
      await eventually('the console counts it', async () => {
        const value = await api.value(topicOf(mode))
        expect(value.violations - before).toBe(mode === 'OFF' ? 0 : 1)
        expect(value.fields[0]!.value).toBe(JSON.parse(right).temp)
      })
    })
  })
})

test('REJECT: what is refused is neither retained nor the value', async () => {
  const client = await TestClient.open(server, as(device, 5))
  expect(await client.publish(topicOf('REJECT'), GOOD, { qos: 1, retain: true })).toBeLessThan(0x80)
  expect(await client.publish(topicOf('REJECT'), BAD, { qos: 1, retain: true })).toBe(0x99)

  const late = await watch()
  const retained = await late.message('the retained message', message => message.topic === topicOf('REJECT'))
  expect(String(retained.payload)).toBe(GOOD)
  await eventually('the value stays', async () => {
    const value = await api.value(topicOf('REJECT'))
    expect(value.fields[0]!.value).toBe(20.5)
    expect(value.quality).toBe('Good')
    expect(value.lastViolation?.code).toBe('TYPE')
  })
  expect(await client.publish(topicOf('REJECT'), '', { qos: 1, retain: true })).toBeLessThan(0x80)
})

test('REJECT: a will that does not fit is not sent', async () => {
  const seen = await watch()
  const dies = await TestClient.open(server, as(device, 5, { will: { topic: topicOf('REJECT'), payload: Buffer.from(BAD), qos: 1, retain: false } }))
  const before = (await api.value(topicOf('REJECT'))).violations
  await dies.drop()

  await eventually('the will is counted', async () => expect((await api.value(topicOf('REJECT'))).violations).toBe(before + 1))
  expect(seen.received.filter(message => String(message.payload) === BAD)).toEqual([])
})

test('REJECT: who publishes through the API is told which field is wrong', async () => {
  const answer = await api.send('POST', '/namespace/values:write', { items: [{ topic: topicOf('REJECT'), payload: BAD }] })
  const { results } = (await answer.json()) as { results: { accepted: boolean; reasonCode: number; reason: string }[] }
  expect(results[0]).toMatchObject({ accepted: false, reasonCode: 0x99, reason: expect.stringContaining('field temp is STRING') })
})

interface Held {
  id: string
  topic: string
  raw: string
  violation: { field: string }
  stillWrong: object | null
}

test('QUARANTINE: what is held is published again once the model takes it', async () => {
  const client = await TestClient.open(server, as(device, 5))
  const held = `{"temp":${++number},"added":true}`
  const node = await api.post<NodeView>('/namespace/nodes', {
    type: 'TOPIC',
    path: 'Plant/State/held',
    topicType: 'STATE',
    validation: 'QUARANTINE',
    model: { fields: [{ name: 'temp', type: 'DOUBLE' }], unknownFields: 'DENY' },
  })
  expect(await client.publish(node.path, held, { qos: 2, retain: true })).toBeLessThan(0x80)
  const { items } = await api.get<{ items: Held[] }>(`/quarantine?topic=${encodeURIComponent(node.path)}`)
  expect(items).toMatchObject([{ topic: node.path, raw: held, violation: { field: 'added' } }])
  expect((await problemOf(api.post(`/quarantine/${items[0]!.id}/replay`))).status).toBe(409)

  const accepting = await api.get<{ nodeId: string; revision: number; model: object }>(`/quarantine/${items[0]!.id}/accepting-model`)
  await api.call('PATCH', `/namespace/nodes/${accepting.nodeId}`, { model: accepting.model }, { 'If-Match': `"${accepting.revision}"` })
  const seen = await watch()
  expect(await api.post(`/quarantine/${items[0]!.id}/replay`)).toMatchObject({ accepted: true })

  expect(String((await seen.message('the message', message => message.topic === node.path)).payload)).toBe(held)
  expect((await api.get<{ items: Held[] }>(`/quarantine?topic=${encodeURIComponent(node.path)}`)).items).toEqual([])
})

test('a mode is in force when its change is answered', async () => {
  const client = await TestClient.open(server, as(device, 5))
  const change = async (validation: Mode) => {
    const node = await api.node(topicOf('OBSERVE'))
    return api.call<NodeView>('PATCH', `/namespace/nodes/${node.id}`, { validation }, { 'If-Match': `"${node.revision}"` })
  }

  for (let i = 0; i < 5; i++) {
    await change('REJECT')
    expect(await client.publish(topicOf('OBSERVE'), BAD, { qos: 1 })).toBe(0x99)
    await change('OBSERVE')
    expect(await client.publish(topicOf('OBSERVE'), BAD, { qos: 1 })).toBeLessThan(0x80)
  }
})

test('DENY: a topic without a model is refused with 0x90 and is not listed', async () => {
  const seen = await watch()
  const client = await TestClient.open(server, as(device, 5))

  expect(await client.publish('Closed/unknown', GOOD, { qos: 1 })).toBe(0x90)
  expect(client.packets.find(packet => packet.cmd === 'puback')?.properties?.reasonString).toBe("the topic has no model, and 'Closed' denies such topics")
  expect(await client.publish('Open/unknown', GOOD, { qos: 1 })).toBeLessThan(0x80)
  await seen.message('the topic beside it', message => message.topic === 'Open/unknown')
  expect(seen.received.some(message => message.topic === 'Closed/unknown')).toBe(false)
  expect((await api.unmodeled()).map(each => each.topic)).not.toContain('Closed/unknown')
  expect((await api.rejections()).find(row => row.topic === 'Closed/unknown')?.reasonCode).toBe(0x90)
})

test('ANNOTATE: the last word about a message is the server\'s', async () => {
  const seen = await watch()
  const client = await TestClient.open(server, as(device, 5))
  const wrong = bad()
  const unknown = `{"temp":${++number}}`
  await api.post<NodeView>('/namespace/nodes', { type: 'PATH', path: 'Told', validation: 'ANNOTATE' })

  const properties = { userProperties: { 'uns-valid': 'true', line: '7' } }
  await client.publish(topicOf('ANNOTATE'), wrong, { qos: 1, properties })
  await client.publish('Told/unknown', unknown, { qos: 1, properties })
  await seen.message('both', message => String(message.payload) === unknown)

  expect(userProperties(seen, wrong)).toMatchObject({ 'uns-valid': ['true', 'false'], line: '7' })
  expect(userProperties(seen, unknown)).toEqual({ 'uns-valid': ['true', 'unknown'], line: '7' })
})

describe.each([3, 4, 5] as const)('REJECT with closeOnReject, protocol level %i', version => {
  test.each([0, 1, 2] as const)('QoS %i', async qos => {
    const node = await api.post<NodeView>('/namespace/nodes', {
      type: 'TOPIC',
      path: `Strict/State/v${version}q${qos}`,
      topicType: 'STATE',
      validation: 'REJECT',
      closeOnReject: true,
      model: { fields: [{ name: 'temp', type: 'DOUBLE' }] },
    })
    const client = await TestClient.open(server, as(device, version))
    const since = performance.now()

    if (version === 5 && qos > 0) {
      expect(await client.publish(node.path, BAD, { qos })).toBe(0x99)
      expect(client.connected).toBe(true)
      return
    }
    client.publish(node.path, BAD, { qos }).catch(() => undefined)
    await client.closed(since)

    expect(client.packets.filter(packet => packet.cmd === 'puback' || packet.cmd === 'pubrec')).toEqual([])
    const told = client.packets.find(packet => packet.cmd === 'disconnect')
    if (version === 5) {
      expect(told?.['reasonCode']).toBe(0x99)
      expect(told?.properties?.reasonString).toMatch(/^TYPE: field temp is STRING/)
    } else expect(told).toBeUndefined()
    expect((await api.rejections()).find(row => row.topic === node.path)?.reasonCode).toBe(0x99)
    expect((await api.value(node.path)).violations).toBe(1)
  })
})

test('a payload that is too large does not fit, and its publisher is told the size and the bound', async () => {
  await api.post<NodeView>('/namespace/nodes', { type: 'PATH', path: 'Small', validation: 'REJECT', maxPayloadBytes: 20 })
  const node = await api.post<NodeView>('/namespace/nodes', { type: 'TOPIC', path: 'Small/State/t', topicType: 'STATE', model: { fields: [] } })
  const client = await TestClient.open(server, as(device, 5))

  expect(await client.publish(node.path, 'x'.repeat(20), { qos: 1 })).toBeLessThan(0x80)
  expect(await client.publish(node.path, 'x'.repeat(21), { qos: 1 })).toBe(0x99)
  expect(client.packets.findLast(packet => packet.cmd === 'puback')?.properties?.reasonString).toMatch(/^SIZE: the payload has 21 bytes \(expected: at most 20\); revision \d+ of the model$/)
  expect((await api.value(node.path)).lastViolation?.code).toBe('SIZE')
})

describe.each([3, 4, 5] as const)('messages that come too fast, protocol level %i', version => {
  test.each([0, 1, 2] as const)('QoS %i', async qos => {
    const path = `Fast/State/v${version}q${qos}`
    const node = await api.post<NodeView>('/namespace/nodes', { type: 'TOPIC', path, topicType: 'STATE', model: { fields: [{ name: 'temp', type: 'DOUBLE' }] }, maxMessagesPerSecond: 5 })
    const seen = await watch()
    const client = await TestClient.open(server, as(device, version))

    const codes = await Promise.all(Array.from({ length: 40 }, (_, i) => client.publish(node.path, `{"temp":${i}}`, { qos })))

    const refused = codes.filter(code => code === 0x97).length
    const told = client.packets.filter(packet => (packet.cmd === 'puback' || packet.cmd === 'pubrec') && packet['reasonCode'] === 0x97)
    await eventually('all others are delivered, the rest is counted', async () => {
      const { violations, lastViolation } = await api.value(node.path)
      const delivered = seen.received.filter(message => message.topic === node.path).length
      expect(delivered).toBeGreaterThanOrEqual(5)
      expect(delivered + violations).toBe(40)
      expect(lastViolation?.code).toBe('RATE')
      if (version === 5 && qos > 0) expect(refused).toBe(violations)
    })
    if (version === 5 && qos > 0) for (const packet of told) expect(packet.properties?.reasonString).toBe('RATE: messages come too fast (expected: at most 5 a second)')
    else expect(codes.every(code => code === 0)).toBe(true)
    expect(client.connected).toBe(true)
  })
})

test('an unknown mode is refused', async () => {
  const { status, problem } = await problemOf(api.post('/namespace/nodes', { type: 'PATH', path: 'Wrong', validation: 'STRICT' }))
  expect(status).toBe(422)
  expect(problem.errors?.[0]?.field).toBe('validation')
})

test('after kill -9 the first message is judged, and what was held is there', { timeout: 90_000 }, async () => {
  const holder = await TestClient.open(server, as(device, 5))
  const wrong = bad()
  expect(await holder.publish(topicOf('QUARANTINE'), wrong, { qos: 1 })).toBeLessThan(0x80)
  await server.kill()
  server = await Server.start({ data: server.data })
  api = await new Api(server).login(admin.username, admin.password)

  const client = await TestClient.open(server, as(device, 5))
  expect(await client.publish(topicOf('REJECT'), BAD, { qos: 1 })).toBe(0x99)
  expect(await client.publish('Closed/unknown', GOOD, { qos: 1 })).toBe(0x90)
  expect(await client.publish(topicOf('REJECT'), GOOD, { qos: 1 })).toBeLessThan(0x80)
  expect((await api.get<{ items: Held[] }>('/quarantine?limit=1')).items).toMatchObject([{ raw: wrong }])
})

test('topic.policy = DENY: nothing comes in that nobody modelled, but where a path allows it', { timeout: 60_000 }, async () => {
  await api.post<NodeView>('/namespace/nodes', { type: 'PATH', path: 'Free', topicPolicy: 'ALLOW' })
  appendFileSync(join(server.data, 'etc', 'io.busbar.uns.registry.cfg'), '\ntopic.policy = DENY\n')
  const client = await TestClient.open(server, as(device, 5))

  await eventually('the file counts', async () => expect(await client.publish('Nowhere/t', GOOD, { qos: 1 })).toBe(0x90))

  expect(client.packets.findLast(packet => packet.cmd === 'puback')?.properties?.reasonString).toBe('the topic has no model, and the server denies such topics')
  expect(await client.publish('Free/t', GOOD, { qos: 1 })).toBeLessThan(0x80)
  expect(await client.publish(topicOf('OFF'), GOOD, { qos: 1 })).toBeLessThan(0x80)
})
