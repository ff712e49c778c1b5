import type { TestProject } from 'vitest/node'
import { findBrowser } from './browser-program'
import { mosquittoIsInstalled } from './command-line'
import { unpackDistribution } from './distribution'

/** Once for the whole run: the distribution archive is unpacked, the browser is found, and what is used is said. */
export default async function setup(project: TestProject): Promise<void> {
  unpackDistribution()
  const browser = await findBrowser()
  project.provide('browser', browser)
  console.log(`Browser: ${browser.name}`)
  console.log(mosquittoIsInstalled() ? 'Mosquitto: mosquitto_pub and mosquitto_sub are tested, too' : 'Mosquitto: not installed; mqtt.js does the same steps without it')
}
