import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect, inject } from 'vitest'
import { target } from './paths'

export type Theme = 'light' | 'dark'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export function launchBrowser(): Promise<Browser> {
  const { executable, env } = inject('browser')
  return chromium.launch({
    executablePath: executable,
    env: { ...process.env, ...env },
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--font-render-hinting=none',
    ],
  })
}

export interface ScreenOptions {
  width?: 1440 | 390
  theme?: Theme
  reducedMotion?: boolean
}

/** A page that remembers everything that must never happen: console errors, exceptions, CSP violations, failed requests. */
export class Screen {
  /** What went wrong in the page since it was opened; tests end with `expectClean`. */
  readonly faults: string[] = []
  /** Refused requests that a test provokes on purpose (a wrong password). */
  readonly expected: RegExp[] = []

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser, options: ScreenOptions = {}): Promise<Screen> {
    const { width = 1440, theme = 'light', reducedMotion = true } = options
    const context = await browser.newContext({
      viewport: { width, height: width === 1440 ? 900 : 844 },
      deviceScaleFactor: 1,
      colorScheme: theme,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      locale: 'en-GB',
      timezoneId: 'UTC',
      hasTouch: width === 390,
      permissions: ['clipboard-read', 'clipboard-write'],
      acceptDownloads: true,
    })
    context.setDefaultTimeout(8_000)
    const page = await context.newPage()
    const screen = new Screen(context, page)
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') screen.fault(`console ${message.type()}: ${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', error => screen.fault(`exception: ${error.message}\n${error.stack ?? ''}`))
    await page.exposeFunction('reportCspViolation', (text: string) => screen.fault(`Content Security Policy: ${text}`))
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', event => {
        const report = (window as unknown as { reportCspViolation: (text: string) => void }).reportCspViolation
        report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`)
      })
    })
    return screen
  }

  private fault(text: string): void {
    this.faults.push(text)
  }

  /** Fails when the page had a console error or warning, an exception or a CSP violation that was not provoked. */
  expectClean(): void {
    expect(this.faults.filter(fault => !this.expected.some(pattern => pattern.test(fault)))).toEqual([])
  }

  /** What the system clipboard holds, byte for byte. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText())
  }

  /** Serious and critical findings of axe on what is on the screen now, and headings out of order, one line each. */
  async axe(): Promise<string[]> {
    // Through the debugger protocol: the page's own policy forbids foreign scripts, and that is how it should be.
    await this.page.evaluate(axeSource)
    const results = await this.page.evaluate(async () => {
      interface AxeNode {
        target: unknown[]
        failureSummary?: string
      }
      const axe = (window as unknown as { axe: { run: (where: Document, options: object) => Promise<{ violations: { id: string; impact: string; nodes: AxeNode[] }[] }> } }).axe
      const { violations } = await axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      })
      return violations
        .filter(violation => violation.impact === 'serious' || violation.impact === 'critical' || violation.id === 'heading-order')
        .flatMap(violation => violation.nodes.map(node => `${violation.id} (${violation.impact}) at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`))
    })
    return results
  }

  /** Whether the page scrolls sideways: on a phone it must not. */
  async overflowsSideways(): Promise<boolean> {
    return this.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1)
  }

  /** After a failed test: a picture of the page for whoever looks into it, and a fresh page for the next test. */
  async keep(name: string): Promise<void> {
    const folder = join(target, 'failures')
    mkdirSync(folder, { recursive: true })
    await this.page.screenshot({ path: join(folder, `${name.replaceAll(/[^\w ]+/g, '').slice(0, 60)}.png`) })
    this.faults.length = 0
    if (this.page.url().startsWith('http')) await this.page.goto(new URL('/', this.page.url()).href)
  }

  async close(): Promise<void> {
    await this.context.close()
  }
}
