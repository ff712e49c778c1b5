/** Nodes that people move, copy, delete and restore, while devices go on publishing. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Api, type NodeView, type Triple } from './harness/api'
import { launchBrowser, Screen } from './harness/browser'
import { as, endAllClients, TestClient } from './harness/mqtt'
import { Server } from './harness/server'
import { eventually } from './harness/wait'
import { expectText } from './pages/elements'
import { Console } from './pages/console'

const admin = { username: 'admin', password: 'correct horse battery' }

let server: Server
let api: Api
let device: Triple
let browser: Awaited<ReturnType<typeof launchBrowser>>
let screen: Screen
let ui: Console

beforeAll(async () => {
  server = await Server.start()
  api = new Api(server)
  await api.setUp(admin.username, admin.password)
  device = await api.createCredential('Press', { acl: [{ effect: 'ALLOW', action: 'BOTH', filter: '#' }] })
  for (const path of ['Plant/Line_1/Press/Metric/temp', 'Plant/Line_1/Press/Metric/force', 'Plant/Line_2/Oven/Metric/temp'])
    await api.post<NodeView>('/namespace/nodes', { type: 'TOPIC', path, topicType: 'METRIC', model: { fields: [{ name: 'v', type: 'DOUBLE' }] } })
  browser = await launchBrowser()
  screen = await Screen.open(browser)
  ui = new Console(screen, server)
  await ui.signIn(admin.username, admin.password)
})

afterEach(async ({ task }) => {
  await endAllClients()
  if (task.result?.state === 'fail') await screen.keep(task.name)
})

afterAll(async () => {
  await browser?.close()
  await server?.dispose()
})

const page = () => screen.page

async function open(path: string): Promise<void> {
  await page().goto(ui.address(`uns?${new URLSearchParams({ path })}`))
  await expectText(page().getByTestId('uns-detail').getByTestId('topic'), path)
}

async function fromNodeMenu(item: string): Promise<void> {
  await page().getByTestId('node-menu').click()
  await page().getByTestId(item).click()
}

test('a branch moves, its devices notice nothing, and its values arrive at the new place', async () => {
  const id = (await api.node('Plant/Line_1/Press')).id
  const client = await TestClient.open(server, as(device, 5))
  await client.publish('Plant/Line_1/Press/Metric/temp', '{"v":1}', { qos: 1 })
  await open('Plant/Line_1/Press')
  await fromNodeMenu('node-move')
  await page().getByTestId('move-parent').fill('Plant/Line_2')
  await page().getByTestId('move-name').fill('Big press')
  await expectText(page().getByTestId('move-result'), 'Plant/Line_2/Big press')

  await page().getByTestId('move-save').click()

  await expectText(page().getByTestId('uns-detail').getByTestId('topic'), 'Plant/Line_2/Big press')
  expect((await api.node('Plant/Line_2/Big press')).id).toBe(id)
  await page().getByTestId('tree-item-Plant/Line_2/Big press').waitFor()
  await page().getByTestId('tree-item-Plant/Line_1/Press').waitFor({ state: 'detached' })
  expect(await client.publish('Plant/Line_1/Press/Metric/temp', '{"v":2}', { qos: 1 })).toBeLessThan(0x80)
  await eventually('the value', async () => expect((await api.value('Plant/Line_2/Big press/Metric/temp')).messages).toBe(2))
})

test('a topic is dragged onto another path', async () => {
  await page().goto(ui.address('uns'))
  await ui.uns.select('Plant/Line_2/Oven/Metric/temp')

  await page().getByTestId('tree-item-Plant/Line_2/Oven/Metric/temp').dragTo(page().getByTestId('tree-item-Plant/Line_1'))

  expect(await page().getByTestId('move-parent').inputValue()).toBe('Plant/Line_1')
  await page().getByTestId('move-keep').uncheck()
  await page().getByTestId('move-save').click()
  await expectText(page().getByTestId('uns-detail').getByTestId('topic'), 'Plant/Line_1/Metric/temp')
})

test('a branch is copied, with topics of its own', async () => {
  await open('Plant/Line_2/Big press')
  await fromNodeMenu('node-copy')
  await page().getByTestId('move-name').fill('Small press')
  await page().getByTestId('move-save').click()
  await expectText(page().getByTestId('uns-detail').getByTestId('topic'), 'Plant/Line_2/Small press')

  const client = await TestClient.open(server, as(device, 5))
  await client.publish('Plant/Line_2/Small press/Metric/force', '{"v":7}', { qos: 1 })

  await eventually('the value', async () => expect((await api.value('Plant/Line_2/Small press/Metric/force')).messages).toBe(1))
})

test('what was deleted is back with one click, as it was', async () => {
  const before = await api.node('Plant/Line_2/Big press/Metric/temp')
  await open('Plant/Line_2/Big press')
  await fromNodeMenu('node-delete')
  await page().getByTestId('confirm-action').click()
  await page().getByTestId('tree-item-Plant/Line_2/Big press').waitFor({ state: 'detached' })

  await page().getByTestId('toast-action').click()

  await expectText(page().getByTestId('uns-detail').getByTestId('topic'), 'Plant/Line_2/Big press')
  const after = await api.node('Plant/Line_2/Big press/Metric/temp')
  expect([after.id, after.alias, after.wireTopic, after.model]).toEqual([before.id, before.alias, before.wireTopic, before.model])
})

test('the recycle bin survives the server, and gives back what is wanted', { timeout: 60_000 }, async () => {
  const before = await api.node('Plant/Line_2/Small press/Metric/force')
  await open('Plant/Line_2/Small press')
  await fromNodeMenu('node-delete')
  await page().getByTestId('confirm-action').click()
  await page().getByTestId('tree-item-Plant/Line_2/Small press').waitFor({ state: 'detached' })

  await page().goto('about:blank')
  await server.kill()
  server = await Server.start({ data: server.data })
  api = await new Api(server).login(admin.username, admin.password)
  ui = new Console(screen, server)
  await ui.signIn(admin.username, admin.password)
  await page().goto(ui.address('uns'))
  await page().getByTestId('uns-files').click()
  await page().getByTestId('uns-bin').click()
  await page().getByTestId('bin-restore-Plant/Line_2/Small press').click()

  await expectText(page().getByTestId('uns-detail').getByTestId('topic'), 'Plant/Line_2/Small press')
  expect((await api.node('Plant/Line_2/Small press/Metric/force')).id).toBe(before.id)
})
