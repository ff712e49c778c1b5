/**
 * How the console looks and handles: every page in light and dark, wide and on a phone, checked by axe, walked with the keyboard
 * alone, and photographed. `BUSBAR_UPDATE_SCREENSHOTS=1` also puts the pictures of the documentation into docs/images.
 */
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Api, type Triple } from './harness/api'
import { launchBrowser, Screen, type Theme } from './harness/browser'
import { as, asMqttExplorer, asMqttx, endAllClients, explorerClientId, TestClient } from './harness/mqtt'
import { repository, samples, target } from './harness/paths'
import { Plant } from './harness/plant'
import { Server } from './harness/server'
import { eventually } from './harness/wait'
import { Console } from './pages/console'

const admin = { username: 'engineer', password: 'bottling-hall-7-north' }
const processTopic = 'AuroraDairy/Lyon/Pasteurization/HTST_1/Metric/process'
const squatted = 'packer-7'
const update = process.env.BUSBAR_UPDATE_SCREENSHOTS === '1'
const pictures = join(target, 'screenshots')
const documentation = join(repository, 'docs', 'images')
/** What the documentation shows. */
const documented = ['edge-clients', 'edge-rejected', 'secret', 'uns', 'uns-dark', 'uns-mobile']
const maxPictureBytes = 250 * 1024

/** More mistakes than a dialog has room for. */
const wrongNamespace = JSON.stringify({ namespace: Array.from({ length: 130 }, (_, n) => ({ name: `$line-${n}`, type: 'PATH' })) }, null, 1)

type Width = 1440 | 390
const themes: Theme[] = ['light', 'dark']
const widths: Width[] = [1440, 390]
const everywhere = themes.flatMap(theme => widths.map(width => [theme, width] as const))

let server: Server
let api: Api
let browser: Browser
let plant: Plant
let historian: Triple
/** The signed-in session, handed to every browser context. */
let cookies: Parameters<Screen['context']['addCookies']>[0]

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  mkdirSync(documentation, { recursive: true })
  server = await Server.start()
  browser = await launchBrowser()
  api = new Api(server)
})

afterAll(async () => {
  await plant?.stop()
  await endAllClients()
  await browser?.close()
  await server?.dispose()
})

async function open(theme: Theme, width: Width): Promise<[Screen, Console]> {
  const screen = await Screen.open(browser, { theme, width })
  if (cookies !== undefined) await screen.context.addCookies(cookies)
  return [screen, new Console(screen, server)]
}

/** axe, sideways overflow, console errors, CSP; then the picture. */
async function inspect(screen: Screen, name: string, theme: Theme, width: Width): Promise<void> {
  await screen.page.evaluate(() => document.fonts.ready)
  await screen.page.waitForLoadState('networkidle').catch(() => undefined)
  expect(await screen.axe()).toEqual([])
  expect(await screen.overflowsSideways()).toBe(false)
  screen.expectClean()
  const suffix = `${width === 390 ? '-mobile' : ''}${theme === 'dark' ? '-dark' : ''}`
  const path = join(pictures, `${name}${suffix}.png`)
  await screen.page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  expect(statSync(path).size).toBeLessThan(maxPictureBytes)
  if (update && documented.includes(name + suffix)) copyFileSync(path, join(documentation, `${name}${suffix}.png`))
}

describe('before sign-in', () => {
  test.each(everywhere)('setup, %s, %i px', async (theme, width) => {
    const [screen, ui] = await open(theme, width)
    await screen.page.goto(server.setupLink!)
    await screen.page.getByTestId('setup-form').waitFor()
    await inspect(screen, 'setup', theme, width)
    await screen.page.goto('about:blank')
    // A dead link is told before anybody has typed a password.
    screen.expected.push(/status of 403/)
    await screen.page.goto(`${server.setupLink!}x`)
    await screen.page.getByTestId('setup-error').waitFor()
    expect(await screen.page.getByTestId('setup-password').count()).toBe(0)
    await inspect(screen, 'setup-dead-link', theme, width)
    await screen.page.goto('about:blank')
    await screen.page.goto(ui.address())
    await ui.seesSetupNeeded()
    await screen.close()
  })

  test.each(everywhere)('nothing there yet, %s, %i px', { timeout: 60_000 }, async (theme, width) => {
    await signUp()
    const [screen, ui] = await open(theme, width)
    const { page } = screen
    await page.goto(ui.address())
    await ui.landsOn('Overview')
    await inspect(screen, 'overview-empty', theme, width)
    await page.goto(ui.address('edge'))
    await page.getByTestId('clients-empty').waitFor()
    await inspect(screen, 'edge-clients-empty', theme, width)
    await ui.edge.tab('MQTT Credentials')
    await page.getByTestId('credentials-empty').waitFor()
    await inspect(screen, 'edge-credentials-empty', theme, width)
    await ui.edge.tab('Rejected')
    await page.getByTestId('rejected-empty').waitFor()
    await inspect(screen, 'edge-rejected-empty', theme, width)
    await page.goto(ui.address('uns'))
    await page.getByTestId('uns-empty').filter({ visible: true }).first().waitFor()
    await inspect(screen, 'uns-empty', theme, width)

    await page.getByTestId('make-example').click()
    await page.getByTestId('child-Bottling').waitFor()
    await inspect(screen, 'uns-path', theme, width)
    await page.getByTestId('remove-example').click()
    await page.getByTestId('confirm-action').click()
    await page.getByTestId('uns-empty').filter({ visible: true }).first().waitFor()

    await page.goto(ui.address('no/such/page'))
    await page.getByRole('heading', { level: 1 }).waitFor()
    await inspect(screen, 'not-found', theme, width)
    await screen.close()
  })

  test.each(everywhere)('login and a wrong password, %s, %i px', async (theme, width) => {
    await furnish()
    const screen = await Screen.open(browser, { theme, width })
    const ui = new Console(screen, server)
    await screen.page.goto(ui.address())
    await ui.seesSignIn()
    await inspect(screen, 'login', theme, width)
    if (width === 1440 && theme === 'light') {
      screen.expected.push(/status of 401/)
      await ui.tryToSignIn(admin.username, 'not-this-one')
      await screen.page.getByTestId('login-error').waitFor()
      await inspect(screen, 'login-error', theme, width)
    }
    await screen.close()
  })
})

/** An admin, signed in. */
async function signUp(): Promise<void> {
  if (cookies !== undefined) return
  await api.setUp(admin.username, admin.password)
  const screen = await Screen.open(browser)
  await new Console(screen, server).signIn(admin.username, admin.password)
  cookies = await screen.context.cookies()
  await screen.close()
}

/** An admin, the demo namespace, a running plant, and clients as a plant of this size has. */
async function furnish(): Promise<void> {
  await signUp()
  if (plant !== undefined) return
  await api.post('/namespace/import', JSON.parse(readFileSync(join(samples, 'namespace-demo.json'), 'utf8')))

  const retired = await api.createCredential('Old test rig')
  await api.post(`/credentials/${retired.id}/disable`)
  await api.createCredential('Packaging gateway')
  const panel = await api.createCredential('Operator panel, hall 2', { acl: [{ effect: 'ALLOW', action: 'SUBSCRIBE', filter: 'AuroraDairy/Lyon/#' }] })
  historian = await api.createCredential('Historian', { acl: [{ effect: 'ALLOW', action: 'SUBSCRIBE', filter: '#' }] })
  const laptop = await api.createCredential('Engineering laptop')
  const gateway = await api.createCredential('Line 1 gateway')

  plant = await Plant.start(server, gateway)
  const explorer = await TestClient.open(server, asMqttExplorer(laptop))
  await explorer.subscribe(['#', '$SYS/#'])
  const recorder = await TestClient.open(server, as(historian, 4, { transport: 'ws', keepalive: 30 }))
  await recorder.subscribe('AuroraDairy/#', 1)
  const reader = await TestClient.open(server, asMqttx(panel))
  await reader.subscribe('AuroraDairy/Lyon/Filling/#', 1)
  // What people meet on their first day.
  await TestClient.open(server, asMqttExplorer(laptop, 'mqtt-explorer-1f3a9c2e'))
  await TestClient.open(server, as({ ...gateway, password: 'mistyped' }, 5))
  await reader.publish('AuroraDairy/Lyon/Filling/Line_1/Filler_01/Action/set_speed', '{"target_bpm":410}', { qos: 1 })
  await TestClient.open(server, as({ ...retired, clientId: explorerClientId() }, 4))
  const foreign = await TestClient.open(server, as(await api.createCredential('Tank farm PLC'), 4))
  await foreign.publish('plant7/line3/temp', '72.4', { qos: 1 })
  // What does not fit: a number out of bounds, a text for a number, a field that is missing, a payload that is cut off.
  await foreign.publish('AuroraDairy/Lyon/Quality/State/inspection_result', '{"batch_id":"B-2078","fat_pct":3.6,"ph":16.4,"passed":true}', { qos: 1 })
  await foreign.publish('AuroraDairy/Lyon/Pasteurization/HTST_1/State/alarms', '{"active_count":"two","highest_severity":2}', { qos: 1 })
  await foreign.publish('AuroraDairy/Lyon/Filling/Line_1/Filler_01/State/command_result', '{"status":"DONE"}', { qos: 1 })
  await foreign.publish('AuroraDairy/Lyon/Utilities/Air_Compressor_01/State/machine', '{"state":"EXECUTE","state_code":6', { qos: 1 })
  await foreign.publish(processTopic, '{"product_temp_c":"hot"}', { qos: 1 })
  await foreign.publish('zigbee2mqtt/hall_sensor', '{"battery":97,"humidity":44.1,"linkquality":112,"temperature":21.3}', { qos: 1 })
  await eventually('values', async () => expect((await api.value(processTopic)).messages).toBeGreaterThan(10))
}

/** A session that somebody keeps on the Client ID of another, with a message that waits for it. */
async function squat(): Promise<void> {
  if ((await api.client(squatted)) !== undefined) return
  const bench = await api.createCredential('Test bench', { clientIdPolicy: 'ANY' })
  const session = await TestClient.open(server, as(bench, 5, { clientId: squatted, clean: false, properties: { sessionExpiryInterval: 0xffffffff } }))
  await session.subscribe('packer/#', 1)
  await session.end()
  await api.createCredential('Packer 7', { clientId: squatted })
  const publisher = await TestClient.open(server, as(await api.createCredential('Packer line'), 5))
  await publisher.publish('packer/speed', '10', { qos: 1 })
  await publisher.end()
}

describe('signed in', () => {
  test.each(everywhere)('pages, %s, %i px', { timeout: 60_000 }, async (theme, width) => {
    await furnish()
    const [screen, ui] = await open(theme, width)
    await screen.page.goto(ui.address())
    await ui.landsOn('Overview')
    await inspect(screen, 'overview', theme, width)

    await screen.page.goto(ui.address('edge'))
    await ui.landsOn('Edge')
    await ui.edge.clientRow(historian.clientId)
    // Whoever opens a list on a phone sees its rows without scrolling.
    if (width === 390) expect((await screen.page.getByTestId('clients-table').boundingBox())!.y).toBeLessThan(540)
    await inspect(screen, 'edge-clients', theme, width)
    await ui.edge.openClient(historian.clientId)
    await inspect(screen, 'client', theme, width)
    await screen.page.keyboard.press('Escape')
    await ui.edge.openConnectHelp()
    await inspect(screen, 'connect', theme, width)
    await screen.page.keyboard.press('Escape')
    await ui.edge.tab('History')
    await ui.edge.seesInHistory(historian.clientId, /connected/i)
    await inspect(screen, 'edge-history', theme, width)
    await screen.page.getByTestId(`connection-open-${historian.clientId}`).first().click()
    await screen.page.getByTestId('client-timeline').waitFor()
    await inspect(screen, 'edge-history-row', theme, width)
    await ui.edge.tab('MQTT Credentials')
    await ui.edge.credentialRow('Line 1 gateway')
    await inspect(screen, 'edge-credentials', theme, width)
    await ui.edge.tab('Rejected')
    await ui.edge.rejectionRow('mqtt-explorer-1f3a9c2e')
    await inspect(screen, 'edge-rejected', theme, width)
    await (await ui.edge.rejectionRow('Publish denied')).press(/edit access/i)
    await screen.page.getByRole('dialog').waitFor()
    await inspect(screen, 'edit-access', theme, width)
    await screen.page.keyboard.press('Escape')

    await ui.edge.tab('MQTT Credentials')
    await ui.edge.openNewCredentials()
    await inspect(screen, 'new-credentials', theme, width)
    const secret = await ui.edge.create(`Filler 02, ${theme} ${width}`)
    await inspect(screen, 'secret', theme, width)
    await secret.close()

    await screen.page.goto(ui.address('uns'))
    await ui.landsOn('UNS')
    await ui.uns.select(processTopic)
    await ui.uns.seesField('product_temp_c', /7\d\.\d/, /good/i)
    await inspect(screen, 'uns', theme, width)
    await ui.uns.openModelEditor()
    await inspect(screen, 'uns-model', theme, width)
    await screen.page.keyboard.press('Escape')

    await screen.page.goto(ui.address('uns'))
    await ui.uns.openUnmodeled()
    await inspect(screen, 'uns-tree', theme, width)
    await ui.uns.openConvert('zigbee2mqtt/hall_sensor')
    await inspect(screen, 'uns-convert', theme, width)
    await screen.page.goto(ui.address('uns?branch=zigbee2mqtt'))
    await screen.page.getByTestId('branch-rows').waitFor()
    await inspect(screen, 'uns-branch', theme, width)
    await screen.page.goto(ui.address('uns/violations'))
    await screen.page.getByTestId('violations-table').waitFor()
    await inspect(screen, 'violations', theme, width)
    await screen.page.keyboard.press('j')
    await screen.page.getByTestId('violation-panel').waitFor()
    await inspect(screen, 'violation', theme, width)
    await screen.page.goto(ui.address('uns/violations?view=clusters'))
    await screen.page.getByTestId('violation-clusters').waitFor()
    await inspect(screen, 'violation-clusters', theme, width)
    await screen.page.goto(ui.address('uns'))
    await ui.uns.rehearseImport(wrongNamespace)
    await inspect(screen, 'import-problems', theme, width)
    await screen.page.keyboard.press('Escape')
    await screen.page.goto(ui.address('uns?q=temp'))
    await screen.page.getByTestId('uns-results').waitFor()
    await inspect(screen, 'uns-search', theme, width)
    await screen.close()
  })

  test.each(everywhere)('a session on a reserved Client ID, %s, %i px', { timeout: 60_000 }, async (theme, width) => {
    await furnish()
    await squat()
    const [screen, ui] = await open(theme, width)
    await screen.page.goto(ui.address('edge?state=OFFLINE'))
    const row = await ui.edge.clientRow(squatted)
    await inspect(screen, 'edge-sessions', theme, width)
    await ui.edge.openClient(squatted)
    await inspect(screen, 'session', theme, width)
    await screen.page.keyboard.press('Escape')
    await row.choose(/end session/i)
    await ui.edge.seesLoss(/1 waiting message/)
    await inspect(screen, 'end-session', theme, width)
    await screen.page.keyboard.press('Escape')

    await screen.page.goto(ui.address('edge/credentials'))
    await ui.edge.openNewCredentials()
    await ui.edge.wantClientId(squatted, 'EXACT')
    await ui.edge.seesOverlap(/has the same Client ID/)
    await inspect(screen, 'new-credentials-overlap', theme, width)
    await screen.close()
  })

  test('the password waits for its first connection and says when it came', async () => {
    await furnish()
    const [screen, ui] = await open('light', 1440)
    await screen.page.goto(ui.address('edge/credentials'))
    const secret = await ui.edge.newCredentials('Labeller 01')
    const triple = { id: '', ...(await secret.triple()) }
    await TestClient.open(server, asMqttExplorer(triple, 'mqtt-explorer-0badc0de'))
    await secret.seesRefusal('mqtt-explorer-0badc0de')
    const client = await TestClient.open(server, asMqttx(triple))
    expect(client.connectCode).toBe(0)
    await secret.seesFirstConnection()
    await inspect(screen, 'secret-connected', 'light', 1440)
    await screen.close()
  })
})

describe('keyboard', () => {
  test('New Credentials without a mouse: tab, Enter, type, Escape; focus comes back', async () => {
    await furnish()
    const [screen, ui] = await open('light', 1440)
    const { page } = screen
    await page.goto(ui.address('edge/credentials'))
    await ui.edge.seesNewCredentialsButton()

    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.textContent ?? '')
    const outlines: string[] = []
    for (let i = 0; i < 40 && (await focused()) !== 'new-credentials'; i++) {
      await page.keyboard.press('Tab')
      outlines.push(
        await page.evaluate(() => {
          const style = getComputedStyle(document.activeElement!)
          const visible = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
          return visible ? '' : document.activeElement!.outerHTML.slice(0, 120)
        }),
      )
    }
    expect(await focused()).toBe('new-credentials')
    // Whoever tabs sees where they are.
    expect(outlines.filter(html => html !== '')).toEqual([])

    await page.keyboard.press('Enter')
    const dialog = page.getByTestId('new-credentials-dialog')
    await dialog.waitFor()
    await eventually('the field has the focus', async () => expect(await focused()).toBe('credential-description'))
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab')
      // At the dialog's end a guard takes the focus for a moment and hands it back to the beginning.
      await eventually('the focus stays in the dialog', async () =>
        expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true),
      )
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await eventually('focus returns', async () => expect(await focused()).toBe('new-credentials'))

    await page.keyboard.press('Enter')
    await dialog.waitFor()
    await eventually('the field has the focus', async () => expect(await focused()).toBe('credential-description'))
    await page.keyboard.type('Made with the keyboard')
    await page.keyboard.press('Enter')
    const secret = await ui.edge.secretDialog()
    // What is shown only once is not lost by a stray Escape.
    await page.keyboard.press('Escape')
    const { password } = await secret.triple()
    expect(password).toHaveLength(28)
    await secret.close()
    await eventually('focus returns', async () => expect(await focused()).toBe('new-credentials'))
    screen.expectClean()
    await screen.close()
  })

  test('/ focuses the search, Ctrl K opens the palette', async () => {
    await furnish()
    const [screen, ui] = await open('light', 1440)
    const { page } = screen
    await page.goto(ui.address('edge'))
    await ui.edge.clientRow(historian.clientId)
    await page.keyboard.press('/')
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.type)).toBe('search')
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog')
    await palette.waitFor()
    await page.keyboard.type('process')
    await palette.getByText('process').first().waitFor()
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
    screen.expectClean()
    await screen.close()
  })

  test('the tree: what can be done with a row, rename, delete; focus comes back', async () => {
    await furnish()
    await api.post('/namespace/nodes', { type: 'PATH', path: 'Workshop/Bench' })
    const [screen, ui] = await open('light', 1440)
    const { page } = screen
    await page.goto(ui.address('uns'))
    await page.getByTestId('tree-item-Workshop').click()
    await page.getByTestId('tree-item-Workshop/Bench').click()
    const inTree = () => eventually('the tree has the focus', async () => expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tree'))

    await page.keyboard.press('Shift+F10')
    await page.getByTestId('tree-menu').waitFor()
    await inspect(screen, 'tree-menu', 'light', 1440)
    await page.keyboard.press('Escape')
    await inTree()
    await page.getByTestId('tree-item-Workshop').click({ button: 'right' })
    await page.getByTestId('tree-new-topic').waitFor()
    await page.keyboard.press('Escape')
    await inTree()
    await page.getByTestId('tree-item-Workshop/Bench').click()

    // The page of the path asks once more for what was renamed or deleted.
    screen.expected.push(/status of 404/)
    await page.keyboard.press('F2')
    const name = page.getByTestId('node-name')
    await name.waitFor()
    await eventually('the name has the focus', async () => expect(await name.evaluate(element => element === document.activeElement)).toBe(true))
    await page.keyboard.type('Table')
    await page.keyboard.press('Enter')
    await page.getByTestId('tree-item-Workshop/Table').waitFor()
    await inTree()

    await page.getByTestId('tree-item-Workshop/Table').click()
    await page.keyboard.press('Delete')
    await page.getByTestId('delete-node').waitFor()
    await page.getByTestId('confirm-action').click()
    await page.getByTestId('tree-item-Workshop/Table').waitFor({ state: 'detached' })
    await inTree()

    await page.keyboard.press('?')
    await page.getByTestId('shortcuts').waitFor()
    await inspect(screen, 'shortcuts', 'light', 1440)
    await page.keyboard.press('Escape')
    await inTree()
    await screen.close()
  })

  test('signing out ends the session', async () => {
    const [screen, ui] = await open('light', 1440)
    await screen.context.clearCookies()
    await ui.signIn(admin.username, admin.password)
    await screen.page.getByTestId('user-menu').filter({ visible: true }).click()
    await screen.page.getByTestId('sign-out').click()
    await ui.seesSignIn()
    await screen.page.goto(ui.address('edge'))
    await ui.seesSignIn()
    await screen.close()
  })

  test('one’s own password: the present one is needed, and the other sessions end', async () => {
    const elsewhere = await Screen.open(browser)
    await new Console(elsewhere, server).signIn(admin.username, admin.password)
    const screen = await Screen.open(browser)
    const ui = new Console(screen, server)
    await ui.signIn(admin.username, admin.password)
    const { page } = screen
    const change = async (current: string, wanted: string) => {
      await page.getByTestId('current-password').fill(current)
      await page.getByTestId('new-password').fill(wanted)
      await page.getByTestId('new-password-again').fill(wanted)
      await page.getByTestId('change-password-submit').click()
    }
    await page.getByTestId('user-menu').filter({ visible: true }).click()
    await page.getByTestId('open-change-password').click()
    screen.expected.push(/status of 401/)
    await change('not-this-one', 'bottling-hall-8-south')
    await page.getByText('This is not the current password.').waitFor()
    await inspect(screen, 'change-password', 'light', 1440)
    await change(admin.password, 'bottling-hall-8-south')
    await page.getByTestId('change-password').waitFor({ state: 'hidden' })

    elsewhere.expected.push(/status of 401/)
    await elsewhere.page.goto(ui.address('edge'))
    await new Console(elsewhere, server).seesSignIn()
    await page.goto(ui.address('edge'))
    await ui.landsOn('Edge')
    await elsewhere.close()
    await screen.close()
  })
})
