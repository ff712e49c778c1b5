/** What every page is made of. */
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { Screen } from '../harness/browser'
import { eventually } from '../harness/wait'

/** Waits until the element shows a text. */
export async function expectText(locator: Locator, text: string | RegExp): Promise<void> {
  await eventually('text', async () => {
    const seen = await locator.innerText()
    if (typeof text === 'string') expect(seen).toContain(text)
    else expect(seen).toMatch(text)
  }, { timeout: 5_000 })
}

/** One row of a table. */
export class Row {
  constructor(
    private readonly screen: Screen,
    readonly row: Locator,
    private readonly menuId: string,
  ) {}

  async sees(text: string | RegExp): Promise<void> {
    await eventually(`the row shows ${String(text)}`, async () => {
      // Labels count as well: a dot says "Online" to those who cannot see its colour.
      const html = await this.row.innerHTML()
      const seen = `${await this.row.innerText()}\n${[...html.matchAll(/(?:aria-label|title)="([^"]*)"/g)].map(match => match[1]).join('\n')}`
      if (typeof text === 'string') expect(seen).toContain(text)
      else expect(seen).toMatch(text)
    }, { timeout: 5_000 })
  }

  /** The entries of the row's menu; closes it again. */
  async menu(): Promise<string[]> {
    await this.screen.page.getByTestId(this.menuId).click()
    const items = this.screen.page.getByRole('menuitem')
    await items.first().waitFor()
    const texts = await items.allInnerTexts()
    await this.screen.page.keyboard.press('Escape')
    await items.first().waitFor({ state: 'hidden' })
    return texts
  }

  /** Opens the row's menu and chooses an entry. */
  async choose(entry: RegExp): Promise<void> {
    await this.screen.page.getByTestId(this.menuId).click()
    await this.screen.page.getByRole('menuitem', { name: entry }).click()
  }

  async press(button: RegExp): Promise<void> {
    await this.row.getByRole('button', { name: button }).click()
  }
}
