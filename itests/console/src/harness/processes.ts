/** The processes that the tests start. None of them outlives the tests, however those end. */
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { moduleFolder } from './paths'
import { within } from './wait'

/** How a process ended. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

// The process of a test file ends with the one that started it, even when that one was killed.
process.once('disconnect', () => process.exit(1))

let toGuard: Writable | undefined

/** Starts a guard, which kills what is still running when the stream to it ends. */
export function startGuard(): Writable {
  // In a group of its own: a signal to the group of the tests does not reach it.
  const guard = spawn(process.execPath, [join(moduleFolder, 'src', 'harness', 'guard.mjs')], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  const input = guard.stdin as Socket
  input.unref()
  return input
}

function tellGuard(change: '+' | '-', group: number): void {
  toGuard ??= startGuard()
  toGuard.write(`${change}${group}\n`)
}

/** A running program, the leader of a process group of its own: what it printed, and how it ended. */
export class Program {
  /** What it printed, both streams, in order. */
  readonly lines: string[] = []
  readonly exited: Promise<Exit>
  exit: Exit | undefined
  private readonly process: ChildProcess

  constructor(command: string, args: string[], options: Omit<SpawnOptions, 'stdio' | 'detached'> = {}) {
    this.process = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const { pid } = this.process
    if (pid !== undefined) tellGuard('+', pid)
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split(/\r?\n/)
        rest = lines.pop()!
        this.lines.push(...lines)
      })
      stream.on('end', () => {
        if (rest !== '') this.lines.push(rest)
      })
    }
    this.exited = new Promise(resolve => {
      const end = (exit: Exit) => {
        if (pid !== undefined) tellGuard('-', pid)
        resolve((this.exit = exit))
      }
      // 'close', not 'exit': by then everything that it printed has been read.
      this.process.on('close', (code, signal) => end({ code, signal }))
      this.process.on('error', error => {
        this.lines.push(String(error))
        end({ code: -1, signal: null })
      })
    })
  }

  get pid(): number {
    return this.process.pid!
  }

  get output(): string {
    return this.lines.join('\n')
  }

  /** SIGTERM, as an operator or an init system stops it. */
  async stop(timeout = 20_000): Promise<Exit> {
    if (this.exit === undefined) this.process.kill('SIGTERM')
    return within(timeout, `${this.process.spawnfile} stops after SIGTERM`, this.exited)
  }

  /** SIGKILL to it and to all that it started: the power is cut. */
  async kill(): Promise<Exit> {
    try {
      if (this.exit === undefined) process.kill(-this.pid, 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
    return within(10_000, `${this.process.spawnfile} is killed`, this.exited)
  }

  /** Stops it, or kills it when it does not stop. */
  async end(): Promise<void> {
    if (this.exit === undefined) await this.stop().catch(() => this.kill())
  }
}
