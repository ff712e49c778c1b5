import type { Screen } from '../harness/browser'
import type { Server } from '../harness/server'
import { EdgePage } from './edge'
import { expectText } from './elements'
import { UnsPage } from './uns'

/** The console as a person uses it: the only place that knows how its pages are built. */
export class Console {
  readonly edge: EdgePage
  readonly uns: UnsPage

  constructor(
    readonly screen: Screen,
    private readonly server: Server,
  ) {
    this.edge = new EdgePage(screen)
    this.uns = new UnsPage(screen)
  }

  private get page() {
    return this.screen.page
  }

  /** The console's address as the server printed it. */
  address(path = ''): string {
    return new URL(path, this.server.endpoints.http).href
  }

  /** Opens the one-time link and sends the form. */
  async setUp(link: string, username: string, password: string, again: string): Promise<void> {
    if (!(await this.page.getByTestId('setup-form').isVisible())) await this.page.goto(link)
    await this.page.getByTestId('setup-username').fill(username)
    await this.page.getByTestId('setup-password').fill(password)
    await this.page.getByTestId('setup-password-again').fill(again)
    await this.page.getByTestId('setup-submit').click()
  }

  async seesSetupNeeded(): Promise<void> {
    await this.page.getByTestId('setup-waiting').waitFor()
  }

  async seesSignIn(): Promise<void> {
    await this.page.getByTestId('login-form').waitFor()
  }

  async tryToSignIn(username: string, password: string): Promise<void> {
    await this.page.getByTestId('login-username').fill(username)
    await this.page.getByTestId('login-password').fill(password)
    await this.page.getByTestId('login-submit').click()
  }

  /** From wherever the browser is to the Overview. */
  async signIn(username: string, password: string): Promise<void> {
    if (!(await this.page.getByTestId('login-form').isVisible())) await this.page.goto(this.address())
    await this.seesSignIn()
    await this.tryToSignIn(username, password)
    await this.landsOn('Overview')
  }

  async landsOn(name: 'Overview' | 'Edge' | 'UNS'): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }

  /** Goes to a page by the side bar, as a person does. */
  async open(name: 'Overview' | 'Edge' | 'UNS'): Promise<void> {
    await this.page.getByTestId(`nav-${name.toLowerCase()}`).first().click()
    await this.landsOn(name)
  }

  async seesText(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor()
  }

  /** Presses the button that does what the open question asks. */
  async confirm(action: RegExp): Promise<void> {
    const question = this.page.getByRole('alertdialog')
    const button = question.getByTestId('confirm-action')
    await expectText(button, action)
    await button.click()
  }

  /** How often the document was loaded: live means never again. */
  async countLoads(): Promise<number> {
    return this.page.evaluate(() => performance.timeOrigin)
  }
}
