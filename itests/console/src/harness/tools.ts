import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Chromium as Debian and Ubuntu install it; another one through BUSBAR_CHROMIUM. */
export const chromiumPath = process.env.BUSBAR_CHROMIUM ?? '/usr/bin/chromium'

/** Fails with what to install when a program that the tests drive is not there. */
export function requireTools(): void {
  const missing: string[] = []
  if (!existsSync(chromiumPath)) missing.push('chromium')
  for (const command of ['mosquitto_pub', 'mosquitto_sub']) {
    if (spawnSync(command, ['--help']).error !== undefined) missing.push('mosquitto-clients')
  }
  if (spawnSync('tar', ['--version']).error !== undefined) missing.push('tar')
  if (missing.length > 0) {
    throw new Error(
      `The console tests need programs that are not installed. Run: apt-get install -y ${[...new Set(missing)].join(' ')}`,
    )
  }
}
