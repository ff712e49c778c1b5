/** Waiting with a deadline: polls, never sleeps a fixed time, and says at the end what was seen last. */
import { cpus, loadavg } from 'node:os'

export interface WaitOptions {
  /** Milliseconds until it gives up. */
  timeout?: number
  /** Milliseconds between two looks. */
  interval?: number
}

/** Thrown by a probe when waiting longer is pointless. */
export class GiveUp extends Error {}

/** Runs `probe` until it returns without throwing; rethrows its last error when the time is up. */
export async function eventually<T>(what: string, probe: () => T | Promise<T>, options: WaitOptions = {}): Promise<T> {
  const { timeout = 10_000, interval = 25 } = options
  const deadline = performance.now() + timeout
  for (;;) {
    try {
      return await probe()
    } catch (error) {
      if (error instanceof GiveUp) throw error
      if (performance.now() > deadline) {
        const message = error instanceof Error ? error.message : String(error)
        throw new Error(`${what}: not within ${timeout} ms: ${message}`, { cause: error })
      }
      await new Promise(resolve => setTimeout(resolve, interval))
    }
  }
}

/** Waits until `probe` gives something other than undefined, null or false. */
export function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  options?: WaitOptions,
): Promise<NonNullable<Exclude<T, false>>> {
  return eventually(
    what,
    async () => {
      const seen = await probe()
      if (seen === undefined || seen === null || seen === false) throw new Error(`last seen: ${String(seen)}`)
      return seen as NonNullable<Exclude<T, false>>
    },
    options,
  )
}

/** A promise that fails, naming what did not happen, when it takes too long. */
export function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${milliseconds} ms`)), milliseconds)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/**
 * A promise of the product in milliseconds, as it may be judged on this machine now: as it stands while processors are free,
 * longer in proportion when more programs want to run than there are processors.
 */
export function onThisMachine(milliseconds: number): number {
  return milliseconds * Math.max(1, loadavg()[0]! / cpus().length)
}
