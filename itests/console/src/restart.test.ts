/** What an operator does to a running server: bootstrap file, stop, kill, start again. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Api, type Triple } from './harness/api'
import { as, endAllClients, TestClient } from './harness/mqtt'
import { samples } from './harness/paths'
import { handOver, newFolder, Server } from './harness/server'
import { eventually } from './harness/wait'

const admin = { username: 'operator', password: 'from-the-bootstrap-file' }
const line1: Triple = { id: '', clientId: 'line-1', username: 'line1', password: 'a-password-from-a-file' }
const topic = 'AuroraDairy/Lyon/Filling/Line_1/Filler_01/Metric/counters'

const bootstrap = {
  admin,
  credentials: [
    {
      description: 'Line 1 gateway',
      clientId: line1.clientId,
      username: line1.username,
      password: line1.password,
      clientIdPolicy: 'EXACT',
      acl: [{ effect: 'ALLOW', action: 'BOTH', filter: 'AuroraDairy/#' }],
    },
    { description: 'Line 2 gateway', clientId: 'line-2', username: 'line2', password: 'another-password-of-it', clientIdPolicy: 'ANY' },
  ],
  ...(JSON.parse(readFileSync(join(samples, 'namespace-demo.json'), 'utf8')) as object),
}

let data: string
let file: string
let server: Server

function writeBootstrap(content: unknown, name = 'bootstrap.json'): string {
  const path = join(dirname(data), name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  handOver(path)
  return path
}

beforeAll(async () => {
  data = newFolder()
  file = writeBootstrap(bootstrap)
  server = await Server.start({ data, args: ['--bootstrap', file] })
})

afterEach(endAllClients)

afterAll(async () => {
  await server?.dispose()
})

describe('bootstrap file', () => {
  test('makes admin, credentials and namespace at the first start; no setup link is printed', async () => {
    expect(server.setupLink).toBeUndefined()
    const api = await new Api(server).login(admin.username, admin.password)
    expect((await api.credentials()).map(row => row.description).toSorted()).toEqual(['Line 1 gateway', 'Line 2 gateway'])
    expect((await api.node(topic)).model!.fields.map(field => field.name)).toContain('good_count')

    const client = await TestClient.open(server, as(line1, 5))
    expect(client.connectCode).toBe(0)
    expect(await client.publish(topic, '{"good_count":9007199254740993}', { qos: 1 })).toBeLessThan(0x80)
    await eventually('the value', async () => {
      const value = await api.value(topic)
      expect(value.quality).toBe('Good')
      // A LONG never goes through a double.
      expect(value.fields.find(field => field.name === 'good_count')?.value).toBe('9007199254740993')
    })
    expect(await client.publish('elsewhere', '1', { qos: 1 })).toBe(0x87)
    for (const secret of [admin.password, line1.password]) {
      expect(server.log).not.toContain(secret)
      expect(server.output).not.toContain(secret)
    }
  })
})

// Longer than the starts in it may take.
describe('stop and start', { timeout: 120_000 }, () => {
  test('SIGTERM: clients are told with DISCONNECT 0x8B, the process ends cleanly', async () => {
    const api = await new Api(server).login(admin.username, admin.password)
    const credential = (await api.credentials()).find(row => row.description === 'Line 1 gateway')!
    await api.call('PATCH', `/credentials/${credential.id}`, { description: 'Line 1 gateway, moved to hall 2' })
    const node = await api.node(topic)
    await api.call('PATCH', `/namespace/nodes/${node.id}`, { description: 'What a person wrote' }, { 'If-Match': `"${node.revision}"` })
    const v5 = await TestClient.open(server, as(line1, 5))
    const ws = await TestClient.open(server, as({ ...line1, clientId: 'any', username: 'line2', password: 'another-password-of-it' }, 5, { transport: 'ws' }))
    expect([v5.connectCode, ws.connectCode]).toEqual([0, 0])

    const asked = performance.now()
    const { code, signal } = await server.stop()

    expect(performance.now() - asked).toBeLessThan(10_000)
    // 143 is how a Java process says that it ended because of SIGTERM, after all its work was done.
    expect([code, signal]).toEqual([expect.toBeOneOf([0, 143]), null])
    for (const client of [v5, ws]) {
      expect((await client.packet('disconnect')).reasonCode).toBe(0x8b)
      await client.closed(asked)
    }
    expect(server.output).not.toMatch(/exception|stack trace/i)
  })

  test('a second start with the same bootstrap file changes nothing that a person changed', async () => {
    server = await Server.start({ data, args: ['--bootstrap', file] })

    const api = await new Api(server).login(admin.username, admin.password)
    expect((await api.credentials()).map(row => row.description).toSorted()).toEqual(['Line 1 gateway, moved to hall 2', 'Line 2 gateway'])
    expect((await api.node(topic)).description).toBe('What a person wrote')
  })

  test('kill -9: credentials, namespace and users are back; the setup does not open again', async () => {
    const api = await new Api(server).login(admin.username, admin.password)
    const made = await api.createCredential('Made a moment before the power went')
    await api.post('/namespace/nodes', { type: 'TOPIC', path: 'Site/Line/speed', topicType: 'METRIC' })
    const disabled = (await api.credentials()).find(row => row.description === 'Line 2 gateway')!
    await api.post(`/credentials/${disabled.id}/disable`)

    await server.kill()
    server = await Server.start({ data })

    expect(server.setupLink).toBeUndefined()
    const again = await new Api(server).login(admin.username, admin.password)
    expect((await TestClient.open(server, as(made, 5))).connectCode).toBe(0)
    expect((await TestClient.open(server, as(line1, 4))).connectCode).toBe(0)
    expect((await again.credential(disabled.id)).enabled).toBe(false)
    expect(await again.node('Site/Line/Metric/speed')).toMatchObject({ type: 'TOPIC', topicType: 'METRIC' })
    expect((await again.node(topic)).description).toBe('What a person wrote')
  })

  test('kill -9 in the middle of changes: what was answered is there', async () => {
    const api = await new Api(server).login(admin.username, admin.password)
    const answered: string[] = []
    const changes = (async () => {
      for (let n = 0; n < 10_000; n++) {
        try {
          answered.push((await api.createCredential(`Device ${n}`)).id)
        } catch {
          return
        }
      }
    })()
    await eventually('some are made', () => expect(answered.length).toBeGreaterThan(20))

    await server.kill()
    await changes
    server = await Server.start({ data })

    const again = await new Api(server).login(admin.username, admin.password)
    const kept = new Set<string>()
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { id: string }[]; nextCursor: string | null } = await again.get(`/credentials?limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      for (const row of page.items) kept.add(row.id)
      cursor = page.nextCursor
    }
    expect(answered.filter(id => !kept.has(id))).toEqual([])
  })

  test('"anonymous": true opens the loopback listener and says so loudly', async () => {
    await server.stop()
    server = await Server.start({ data, args: ['--bootstrap', writeBootstrap({ anonymous: true }, 'anonymous.json')] })

    expect((await TestClient.open(server, { protocolVersion: 5, clientId: 'anybody' })).connectCode).toBe(0)
    expect(server.output).toMatch(/anonymous|without credentials/i)
    const api = await new Api(server).login(admin.username, admin.password)
    expect(await api.get('/broker')).toMatchObject({ anonymous: true })

    // Without the key it is closed again.
    await server.stop()
    server = await Server.start({ data })
    expect((await TestClient.open(server, { protocolVersion: 5, clientId: 'anybody' })).connectCode).toBe(0x87)
  })
})
