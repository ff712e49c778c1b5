import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { inject, onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { moduleFolder } from './paths'
import { Program } from './processes'
import { eventually, GiveUp, until } from './wait'

/** A node of a flow file. */
export interface FlowNode {
  id: string
  type: string
  [key: string]: unknown
}

/** A real Node-RED, driven through its admin API and watched through the editor's own WebSocket. */
export class NodeRed {
  private readonly statuses = new Map<string, { text?: string; fill?: string }>()
  /** What came out of debug nodes, as the side bar shows it. */
  readonly debug: { id: string; topic?: string; msg: string }[] = []

  private constructor(
    /** Where the editor is, with a slash at the end. */
    readonly url: string,
    private readonly socket: WebSocket,
  ) {}

  /** Ends with the test. */
  static async start(): Promise<NodeRed> {
    const folder = mkdtempSync(join(inject('temporary'), 'node-red-'))
    const settings = join(folder, 'settings.js')
    writeFileSync(
      settings,
      `module.exports = ${JSON.stringify({
        uiPort: 0,
        uiHost: '127.0.0.1',
        userDir: folder,
        flowFile: 'flows.json',
        credentialSecret: false,
        mqttReconnectTime: 5000,
        telemetry: { enabled: false },
        externalModules: { palette: { allowInstall: false } },
        editorTheme: { tours: false },
      })}`,
    )
    const program = new Program(process.execPath, [join(moduleFolder, 'node_modules', 'node-red', 'red.js'), '-s', settings])
    onTestFinished(() => program.end())
    // The two lines come in any order.
    const address = await until(
      'Node-RED runs',
      () => {
        if (program.exit !== undefined) throw new GiveUp(`Node-RED ended:\n${program.output}`)
        return program.output.includes('Started flows') && program.output.match(/now running at (http:\/\/\S+)/)?.[1]
      },
      { timeout: 30_000 },
    )
    const url = address.endsWith('/') ? address : `${address}/`
    const socket = new WebSocket(new URL('comms', url.replace(/^http/, 'ws')))
    onTestFinished(() => socket.terminate())
    const red = new NodeRed(url, socket)
    await red.watch()
    return red
  }

  /** Import (Ctrl+I), paste, Import, Deploy: in the editor, as a person does it. */
  async importAndDeploy(page: Page, nodes: string): Promise<void> {
    await page.goto(this.url)
    await page.locator('.red-ui-palette-node').first().waitFor({ timeout: 20_000 })
    await page.locator('#red-ui-workspace-chart').click()
    await page.keyboard.press('Control+i')
    // The dialog empties itself once more after it has appeared, and looks at the text when a key is released.
    await eventually(
      'Node-RED accepts the nodes',
      async () => {
        const text = page.locator('#red-ui-clipboard-dialog-import-text')
        await text.fill(nodes)
        await text.press('End')
        await page.locator('#red-ui-clipboard-dialog-ok:enabled').click({ timeout: 2_000 })
      },
      { timeout: 30_000 },
    )
    const deployed = page.waitForResponse(answer => answer.url().endsWith('/flows') && answer.request().method() === 'POST')
    await page.locator('#red-ui-header-button-deploy').click()
    const answer = await deployed
    if (!answer.ok()) throw new Error(`Node-RED refused the flow: ${answer.status()} ${await answer.text()}`)
  }

  /** Presses an inject node's button. */
  async inject(id: string): Promise<void> {
    const answer = await fetch(new URL(`inject/${id}`, this.url), { method: 'POST' })
    if (!answer.ok) throw new Error(`inject ${id}: ${answer.status}`)
  }

  /** The text and colour under a node, as the editor shows them. */
  status(id: string): { text?: string; fill?: string } | undefined {
    return this.statuses.get(id)
  }

  private async watch(): Promise<void> {
    const { socket } = this
    socket.on('message', data => {
      const parsed: unknown = JSON.parse(data.toString())
      for (const event of Array.isArray(parsed) ? (parsed as { topic?: string; data?: unknown }[]) : []) {
        if (event.topic?.startsWith('status/')) {
          this.statuses.set(event.topic.slice('status/'.length), event.data as { text?: string; fill?: string })
        } else if (event.topic === 'debug') {
          this.debug.push(event.data as { id: string; msg: string })
        }
      }
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    socket.send(JSON.stringify({ subscribe: 'status/#' }))
    socket.send(JSON.stringify({ subscribe: 'debug' }))
  }
}
