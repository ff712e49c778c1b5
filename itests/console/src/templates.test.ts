/** A template in the browser: made, pinned by topics that add fields, published anew, and the topics moved after a look. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Api, problemOf, type NodeView, type Triple } from './harness/api'
import { launchBrowser, Screen } from './harness/browser'
import { as, endAllClients, TestClient } from './harness/mqtt'
import { Server } from './harness/server'
import { eventually } from './harness/wait'
import { Console } from './pages/console'
import { expectText } from './pages/elements'

const admin = { username: 'admin', password: 'correct horse battery' }
let server: Server
let api: Api
let browser: Browser
let device: Triple

beforeAll(async () => {
  server = await Server.start()
  api = new Api(server)
  await api.setUp(admin.username, admin.password)
  device = await api.createCredential('Presses', { acl: [{ effect: 'ALLOW', action: 'BOTH', filter: '#' }] })
  browser = await launchBrowser()
})

afterEach(endAllClients)

afterAll(async () => {
  await browser?.close()
  await server?.dispose()
})

interface TemplateView {
  id: string
  latest: string
  topics: number
  revision: number
}

const press = async () => (await api.get<{ items: TemplateView[] }>('/templates?q=Press')).items[0]!

async function opened(options: Parameters<typeof Screen.open>[1] = {}): Promise<{ screen: Screen; ui: Console }> {
  const screen = await Screen.open(browser, options)
  const ui = new Console(screen, server)
  await ui.signIn(admin.username, admin.password)
  await screen.page.goto(ui.address('uns?tab=templates'))
  return { screen, ui }
}

test('from the first version to topics that pin the second', async () => {
  const { screen, ui } = await opened()
  const page = screen.page

  await page.getByTestId('templates-new').click()
  await page.getByTestId('template-name').fill('Press')
  await page.getByTestId('model-auto-parsing').click()
  await page.getByTestId('model-sample').fill('{"temp":20.5,"pressure":200.5}')
  await page.getByTestId('model-parse').click()
  await page.getByTestId('field-name-1').waitFor()
  await page.getByTestId('template-save').click()
  await page.getByTestId('template-fields').waitFor()
  expect((await press()).latest).toBe('1.0.0')

  // A topic pins it in the form, and adds a field.
  await page.goto(ui.address('uns'))
  await page.getByTestId('uns-new').click()
  await page.getByTestId('uns-new-topic').click()
  await page.getByTestId('node-parent').fill('Plant')
  await page.getByTestId('node-name').fill('p1')
  await page.getByTestId('node-template').selectOption({ label: 'Press' })
  await page.getByTestId('template-field-pressure').waitFor()
  await page.getByTestId('add-field').click()
  await page.getByTestId('field-name-0').fill('operator')
  await page.getByTestId('node-save').click()
  await page.getByTestId('node-editor').waitFor({ state: 'hidden' })
  await expectText(page.getByTestId('node-template-link'), 'Press 1.0.0')
  const first = await api.get<NodeView & { model: { templateId: string; fields: { name: string }[] } }>('/namespace/nodes?path=Plant/Metric/p1')
  expect(first.model.fields.map(({ name }) => name)).toEqual(['temp', 'pressure', 'operator'])

  const second = { type: 'TOPIC', path: 'Plant/Metric/p2', topicType: 'METRIC', model: { templateId: first.model.templateId } }
  await api.post('/namespace/nodes', second)
  const client = await TestClient.open(server, as(device, 5))
  await client.publish('Plant/Metric/p1', '{"temp":1,"pressure":90}', { qos: 1 })
  await client.publish('Plant/Metric/p2', '{"temp":1,"pressure":200}', { qos: 1 })
  await eventually('p2 has a value', async () => expect((await api.value('Plant/Metric/p2')).fields.find(({ name }) => name === 'pressure')?.value).toBe(200))
  await eventually('p1 has a value', async () => expect((await api.value('Plant/Metric/p1')).fields.find(({ name }) => name === 'pressure')?.value).toBe(90))

  // A version that p2 would not fit.
  await page.goto(ui.address(`uns?tab=templates&template=${first.model.templateId}`))
  await page.getByTestId('template-new-version').click()
  await page.getByTestId('template-editor').getByLabel('Max 2').fill('100')
  await page.getByTestId('template-look').click()
  await expectText(page.getByTestId('template-look-result'), /1 would pass.* 1 would not/)
  await page.getByTestId('template-save').click()
  await page.getByTestId('template-editor').waitFor({ state: 'hidden' })
  await eventually('published', async () => expect((await press()).latest).toBe('2.0.0'))
  await expectText(page.getByTestId('template-field-pressure'), '~')

  await page.getByTestId('template-rehearse-1.0.0').click()
  await expectText(page.getByTestId('template-impact-1.0.0'), '1 would not pass')
  await page.getByTestId('template-move-1.0.0').click()
  await eventually('the one that passes has moved', async () => expect((await api.get<{ total: number }>(`/templates/${first.model.templateId}/nodes?version=2.0.0`)).total).toBe(1))
  await page.getByTestId('template-tab-topics').click()
  await expectText(page.getByTestId('template-topics'), 'operator')
  expect(await screen.axe()).toEqual([])
  screen.expectClean()
  await screen.close()
})

test.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
  ['dark', 390],
] as const)('what differs and what a move would do can be read by all, %s, %i px', async (theme, width) => {
  const { screen, ui } = await opened({ theme, width })
  const { id } = await press()
  await screen.page.goto(ui.address(`uns?tab=templates&template=${id}`))
  await screen.page.getByTestId('template-rehearse-1.0.0').click()
  await screen.page.getByTestId('template-impact-1.0.0').getByRole('button', { name: 'Show the 1' }).click()

  expect(await screen.axe()).toEqual([])
  expect(await screen.overflowsSideways()).toBe(false)
  screen.expectClean()
  await screen.page.goto(ui.address('uns?path=Plant/Metric/p2'))
  await screen.page.getByTestId('edit-model').click()
  await screen.page.getByTestId('node-template-fields').waitFor()
  expect(await screen.axe()).toEqual([])
  await screen.close()
})

test('a template that is pinned cannot be deleted, and the console says why', async () => {
  const { screen, ui } = await opened()
  const { id } = await press()
  expect((await problemOf(api.call('DELETE', `/templates/${id}`))).name).toBe('in-use')

  await screen.page.goto(ui.address(`uns?tab=templates&template=${id}`))
  await screen.page.getByTestId('template-menu').click()
  await screen.page.getByTestId('template-delete').click()
  await expectText(screen.page.getByTestId('template-delete-confirm'), '2 topics pin it')
  await screen.close()
})

test('templates survive kill -9', async () => {
  const before = await press()

  await server.kill()
  server = await Server.start({ data: server.data })
  api = await new Api(server).login(admin.username, admin.password)

  expect(await press()).toEqual(before)
})
