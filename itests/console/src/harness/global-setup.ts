import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findBrowser } from './browser-program'
import { mosquittoIsInstalled } from './command-line'
import { unpackDistribution } from './distribution'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of this test run; it is removed at the end. */
    temporary: string
  }
}

/** Once for the whole run: the distribution archive is unpacked, the browser is found, and what is used is said. */
export default async function setup(project: TestProject): Promise<() => void> {
  unpackDistribution()
  const browser = await findBrowser()
  project.provide('browser', browser)
  console.log(`Browser: ${browser.name}`)
  console.log(mosquittoIsInstalled() ? 'Mosquitto: mosquitto_pub and mosquitto_sub are tested, too' : 'Mosquitto: not installed; mqtt.js does the same steps without it')

  const temporary = mkdtempSync(join(tmpdir(), 'busbar-itest-'))
  // Its folders belong to others, where the tests run as root.
  chmodSync(temporary, 0o711)
  project.provide('temporary', temporary)
  return () => {
    if (process.env.BUSBAR_KEEP_DATA === undefined) rmSync(temporary, { recursive: true, force: true, maxRetries: 5 })
    else console.log(`Data folders: ${temporary}`)
  }
}
