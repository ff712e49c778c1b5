import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Screen } from '../harness/browser'
import { eventually } from '../harness/wait'
import { expectText, Row } from './elements'

export type EdgeTab = 'Clients' | 'History' | 'MQTT Credentials' | 'Rejected'

const tabIds: Record<EdgeTab, string> = { Clients: 'tab-clients', History: 'tab-history', 'MQTT Credentials': 'tab-credentials', Rejected: 'tab-rejected' }

export class EdgePage {
  constructor(private readonly screen: Screen) {}

  private get page() {
    return this.screen.page
  }

  async tab(name: EdgeTab): Promise<void> {
    await this.page.getByTestId(tabIds[name]).click()
    await eventually(`tab ${name} is selected`, async () =>
      expect(await this.page.getByTestId(tabIds[name]).getAttribute('aria-selected')).toBe('true'),
    )
  }

  async seesTabs(names: EdgeTab[]): Promise<void> {
    for (const name of names) await expectText(this.page.getByTestId(tabIds[name]), name)
  }

  async onlineConnections(): Promise<number> {
    const text = await this.page.getByTestId('online-connections').innerText()
    return Number(text.match(/^\s*(\d[\d,]*)\s*$/m)?.[1]?.replaceAll(',', '') ?? Number.NaN)
  }

  /** Presses the copy button beside an address of Broker Info. */
  async copyEndpoint(url: string): Promise<void> {
    const line = this.page.getByTestId('broker-info').getByRole('listitem').filter({ hasText: url })
    await line.getByRole('button', { name: /copy/i }).click()
    await line.locator('[data-copied]').waitFor()
  }

  /** An endpoint that is off names the file to write. */
  async seesHowToTurnOn(scheme: string, file: string): Promise<void> {
    await this.page.getByTestId(`endpoint-${scheme}-help`).click()
    const dialog = this.page.getByTestId('endpoint-dialog')
    await expectText(dialog, file)
    await this.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  }

  async seesNewCredentialsButton(): Promise<void> {
    await this.page.getByTestId('new-credentials').waitFor()
  }

  /** New Credentials → description → Create. */
  async newCredentials(description: string, how: { doubleClick?: boolean } = {}): Promise<SecretDialog> {
    await this.openNewCredentials()
    return this.create(description, how)
  }

  async openNewCredentials(): Promise<void> {
    await this.page.getByTestId('new-credentials').click()
    await this.page.getByTestId('credential-description').waitFor()
  }

  /** Fills the open dialog and presses Create. */
  async create(description: string, how: { doubleClick?: boolean } = {}): Promise<SecretDialog> {
    await this.page.getByTestId('credential-description').fill(description)
    const create = this.page.getByTestId('create-credentials')
    await (how.doubleClick === true ? create.dblclick() : create.click())
    return this.secretDialog()
  }

  /** Types a Client ID and chooses the rule in the open dialog. */
  async wantClientId(clientId: string, policy: 'EXACT' | 'PREFIX' | 'ANY'): Promise<void> {
    await this.page.getByTestId('credential-client-id').fill(clientId)
    const more = this.page.getByTestId('credential-more')
    if (await more.isVisible()) await more.click()
    const names = { EXACT: /this id only/i, PREFIX: /this id and id-/i, ANY: /any client id/i }
    await this.page.getByTestId('new-credentials-dialog').getByRole('radio', { name: names[policy] }).check()
  }

  /** What the open dialog says about other credentials that want the same Client IDs. */
  async seesOverlap(text: RegExp): Promise<void> {
    await this.page.getByTestId('client-id-overlaps').waitFor()
    await expectText(this.page.getByTestId('client-id-overlaps'), text)
  }

  async shareClientId(): Promise<void> {
    await this.page.getByTestId('allow-overlap').check()
  }

  /** What the question about ending a session says is lost. */
  async seesLoss(text: RegExp): Promise<void> {
    await this.page.getByTestId('session-loss').waitFor()
    await expectText(this.page.getByTestId('confirm-end-session'), text)
  }

  /** In the open Edit access dialog: the first rule becomes publish and subscribe; Save. */
  async allowEverything(): Promise<void> {
    const dialog = this.page.getByTestId('edit-access-dialog')
    await dialog.getByLabel('What').first().selectOption('BOTH')
    await this.page.getByTestId('save-access').click()
    await dialog.waitFor({ state: 'hidden' })
  }

  async secretDialog(): Promise<SecretDialog> {
    await this.page.getByTestId('secret-dialog').waitFor()
    return new SecretDialog(this.screen)
  }

  async closeSecretIfOpen(): Promise<void> {
    if (await this.page.getByTestId('secret-dialog').isVisible()) await new SecretDialog(this.screen).close()
  }

  async credentialRow(description: string): Promise<Row> {
    const row = this.page.getByTestId('credentials-table').locator('tbody tr').filter({ hasText: description }).first()
    await row.waitFor()
    const clientId = (await row.getAttribute('data-testid'))!.replace('credential-row-', '')
    return new Row(this.screen, row, `credential-menu-${clientId}`)
  }

  async firstCredential(): Promise<string> {
    return this.page.getByTestId('credentials-table').locator('tbody tr').first().innerText()
  }

  /** What the History says about the latest connection of a client. */
  async seesInHistory(clientId: string, text: RegExp): Promise<void> {
    const row = this.page.getByTestId(`connection-row-${clientId}`).first()
    await row.waitFor()
    await expectText(row, text)
  }

  async clientRow(clientId: string): Promise<Row> {
    const row = this.page.getByTestId(`client-row-${clientId}`)
    await row.waitFor()
    return new Row(this.screen, row, `client-menu-${clientId}`)
  }

  /** A click on the row opens what is known about the client. */
  async openClient(clientId: string): Promise<void> {
    await this.page.getByTestId(`client-row-${clientId}`).getByText(clientId).click()
    await expectText(this.page.getByTestId('client-dialog'), clientId)
  }

  async openConnectHelp(): Promise<void> {
    await this.page.getByTestId('connect-client').click()
    await this.page.getByTestId('connect-dialog').waitFor()
  }

  async seesNoClient(clientId: string): Promise<void> {
    await this.page.getByTestId(`client-row-${clientId}`).waitFor({ state: 'detached' })
  }

  /** Types into the search box of the open tab. */
  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox').filter({ visible: true }).fill(text)
  }

  /** A row of Rejected that has all these texts. */
  async rejectionRow(...texts: string[]): Promise<Row> {
    let rows = this.page.getByRole('row')
    for (const text of texts) rows = rows.filter({ hasText: text })
    await rows.first().waitFor()
    return new Row(this.screen, rows.first(), '')
  }
}

/** The one moment in which a password is shown. */
export class SecretDialog {
  constructor(private readonly screen: Screen) {}

  private get page() {
    return this.screen.page
  }

  async triple(): Promise<{ clientId: string; username: string; password: string }> {
    const text = async (id: string) => (await this.page.getByTestId(id).innerText()).trim()
    return { clientId: await text('secret-client-id'), username: await text('secret-username'), password: await text('secret-password') }
  }

  async copy(label: 'Client ID' | 'Username' | 'Password'): Promise<void> {
    const id = { 'Client ID': 'copy-secret-client-id', Username: 'copy-secret-username', Password: 'copy-secret-password' }[label]
    await this.page.getByTestId(id).click()
    await this.page.locator(`[data-testid="${id}"][data-copied]`).waitFor()
  }

  async copyAll(): Promise<void> {
    await this.page.getByTestId('copy-all').click()
    await expectText(this.page.getByTestId('copy-all'), /copied/i)
  }

  /** Downloads a file and returns its text. */
  async download(kind: 'mqttx' | 'nodered' | 'mosquitto' | 'env'): Promise<string> {
    if (kind !== 'env') await this.page.getByTestId('download-menu').click()
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.page.getByTestId(`download-${kind}`).click()])
    return readFileSync(await download.path(), 'utf8')
  }

  /** "Waiting for the first connection", then who connected. */
  async seesFirstConnection(): Promise<void> {
    await this.page.getByTestId('first-connection-ok').waitFor()
  }

  /** The refusal of a wrong Client ID is named where one waits for the first connection. */
  async seesRefusal(clientId: string): Promise<void> {
    await expectText(this.page.getByTestId('first-connection-refused'), clientId)
  }

  async close(): Promise<void> {
    await this.page.getByTestId('secret-done').click()
    await this.page.getByTestId('secret-dialog').waitFor({ state: 'hidden' })
  }
}
