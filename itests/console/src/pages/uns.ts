import { expect } from 'vitest'
import type { Screen } from '../harness/browser'
import { eventually } from '../harness/wait'
import { expectText } from './elements'

export type TopicTypeName = 'Metric' | 'State' | 'Action'

export class UnsPage {
  constructor(private readonly screen: Screen) {}

  private get page() {
    return this.screen.page
  }

  /** New → Path, below the root. */
  async newPath(path: string): Promise<void> {
    await this.page.getByTestId('uns-new').click()
    await this.page.getByTestId('uns-new-path').click()
    await this.page.getByTestId('node-name').fill(path)
    await this.save(path)
  }

  /** New Topic on the page of the path that is open; the model by hand or from a sample. */
  async newTopic(parent: string, name: string, type: TopicTypeName, model: { sample: string }): Promise<void> {
    await this.page.getByTestId('path-new-topic').click()
    await eventually('the parent is filled in', async () => expect(await this.page.getByTestId('node-parent').inputValue()).toBe(parent))
    await this.page.getByTestId('node-name').fill(name)
    await this.page.getByTestId('node-editor').getByRole('radio', { name: type }).check()
    await expectText(this.page.getByTestId('node-topic-preview'), `${parent}/${type}/${name}`)
    await this.page.getByTestId('model-auto-parsing').click()
    await this.page.getByTestId('model-sample').fill(model.sample)
    await this.page.getByTestId('model-parse').click()
    await this.page.getByTestId('field-name-0').waitFor()
    await this.save(`${parent}/${type}/${name}`)
  }

  private async save(path: string): Promise<void> {
    await this.page.getByTestId('node-save').click()
    await this.page.getByTestId('node-editor').waitFor({ state: 'hidden' })
    await expectText(this.page.getByTestId('uns-detail').getByTestId('topic'), path)
  }

  /** Opens the branch level by level and clicks the node. */
  async select(path: string): Promise<void> {
    const levels = path.split('/')
    for (let n = 1; n < levels.length; n++) {
      const item = this.page.getByTestId(`tree-item-${levels.slice(0, n).join('/')}`)
      await item.waitFor()
      // By its arrow: on a phone a tap on the name leaves the tree for the detail.
      if ((await item.getAttribute('aria-expanded')) !== 'true') await item.getByTestId('tree-toggle').click()
    }
    await this.page.getByTestId(`tree-item-${path}`).click()
    await expectText(this.page.getByTestId('uns-detail').getByTestId('topic'), path)
  }

  /** Import → a file: what would go wrong is listed. */
  async rehearseImport(document: string): Promise<void> {
    await this.page.getByTestId('uns-files').click()
    await this.page.getByTestId('uns-import').click()
    await this.page.getByTestId('import-file').setInputFiles({ name: 'namespace.json', mimeType: 'application/json', buffer: Buffer.from(document) })
    await this.page.getByTestId('import-lines').waitFor()
  }

  /** What the dot in the tree says: Good, No data yet, … */
  async quality(path: string): Promise<string> {
    const dot = this.page.getByTestId(`tree-item-${path}`).locator('[data-quality]')
    return (await dot.getAttribute('aria-label')) ?? ''
  }

  async copyTopic(): Promise<void> {
    await this.copy('copy-topic')
  }

  async copyAlias(): Promise<void> {
    await this.copy('copy-alias')
  }

  private async copy(id: string): Promise<void> {
    await this.page.getByTestId(id).click()
    await this.page.locator(`[data-testid="${id}"][data-copied]`).waitFor()
  }

  /** Resolves in the frame in which the value of a field is on the screen. */
  async whenShown(field: string, text: string): Promise<void> {
    await this.page.waitForFunction(
      ([id, expected]) => document.querySelector(`[data-testid="${id}"]`)?.textContent === expected,
      [`value-${field}`, text] as const,
      { polling: 'raf', timeout: 5_000 },
    )
  }

  /** Attribute, value and quality in the table of fields. */
  async seesField(name: string, value: string | RegExp, quality: RegExp): Promise<void> {
    await expectText(this.page.getByTestId(`value-${name}`), value)
    await expectText(this.page.getByTestId(`quality-${name}`), quality)
  }

  async seesPublisher(description: string, address: RegExp, qos: number): Promise<void> {
    await expectText(this.page.getByTestId('published-by'), description)
    await expectText(this.page.getByTestId('published-by'), address)
    await expectText(this.page.getByTestId('fact-qos'), new RegExp(`QoS\\s*${qos}`))
  }

  /** The raw view: what its copy button gives is the payload. */
  async seesRaw(payload: string): Promise<void> {
    await this.copy('copy-payload')
    expect(await this.screen.clipboard()).toBe(payload)
  }

  async seesViolation(code: string, field: string): Promise<void> {
    const card = this.page.getByTestId('violations')
    await expectText(card, code)
    await expectText(card, field)
    expect(Number(await this.page.getByTestId('violation-count').innerText())).toBeGreaterThan(0)
    expect((await this.page.getByTestId('violation-reason').innerText()).length).toBeGreaterThan(10)
  }

  async openUnmodeled(): Promise<void> {
    await this.page.getByTestId('uns-tab-unmodeled').click()
    await this.page.getByTestId('unmodeled-tree').waitFor()
  }

  /** Opens the branches above a topic that nobody modelled. */
  async seesUnmodeled(topic: string): Promise<void> {
    const levels = topic.split('/')
    for (let n = 1; n < levels.length; n++) {
      const item = this.page.getByTestId(`unmodeled-item-${levels.slice(0, n).join('/')}`)
      await item.waitFor()
      if ((await item.getAttribute('aria-expanded')) !== 'true') await item.getByTestId('tree-toggle').click()
    }
    await this.page.getByTestId(`unmodeled-item-${topic}`).waitFor()
  }

  /** Edit model on the page of the topic that is open. */
  async openModelEditor(): Promise<void> {
    await this.page.getByTestId('edit-model').click()
    await this.page.getByTestId('field-name-0').waitFor()
  }

  async openConvert(topic: string): Promise<void> {
    await this.seesUnmodeled(topic)
    await this.page.getByTestId(`unmodeled-item-${topic}`).click()
    await this.page.getByTestId('convert').click()
    await this.page.getByTestId('convert-dialog').getByTestId('field-name-0').waitFor()
  }

  /** Convert with the fields as they are prefilled. */
  async convert(topic: string, type: TopicTypeName): Promise<void> {
    await this.openConvert(topic)
    const dialog = this.page.getByTestId('convert-dialog')
    await dialog.getByRole('radio', { name: type }).check()
    await eventually('fields are prefilled', async () => expect(await dialog.getByTestId('field-name-0').inputValue()).not.toBe(''))
    await this.page.getByTestId('convert-save').click()
    await dialog.waitFor({ state: 'hidden' })
    await expectText(this.page.getByTestId('uns-detail').getByTestId('topic'), topic)
  }
}
