/**
 * Kills the process groups that it was told, `+<pid>` and `-<pid>` line by line, when its input ends: it ends with the
 * process that writes to it, even when that is killed.
 */
import { createInterface } from 'node:readline'

const groups = new Set()
createInterface({ input: process.stdin })
  .on('line', line => (line.startsWith('+') ? groups.add(line.slice(1)) : groups.delete(line.slice(1))))
  .on('close', () => {
    for (const group of groups) {
      try {
        process.kill(-group, 'SIGKILL')
      } catch {
        // It has just ended by itself.
      }
    }
  })
