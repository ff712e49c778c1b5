import createClient from 'openapi-fetch'
import type { components, paths } from '@generated/openapi'
import { fieldText, problemText } from '../i18n/problem'

export type Schemas = components['schemas']
export type Problem = Schemas['Problem']
/** The last part of a problem's `type`, e.g. `revision-mismatch`. */
export type ProblemName = Schemas['ProblemType'] extends `urn:busbar:problem:${infer N}` ? N : never

/** What the server answered instead of what was asked, or why there was no answer at all. */
export class ApiError extends Error {
  constructor(
    override readonly name: ProblemName | 'offline' | 'unknown',
    readonly status: number,
    readonly problem: Problem | undefined,
    message: string,
  ) {
    super(message)
  }

  /** What is wrong with one field of the form, if the server complained about that field. */
  field(name: string): string | undefined {
    const error = this.problem?.errors?.find((each) => each.field === name || each.pointer === `/${name}`)
    return error && fieldText(error)
  }
}

let root = new URL('/', globalThis.location?.href ?? 'http://localhost/')

/** Tells where the console lives: below a reverse proxy that is not the root of the host. Called once, at start. */
export function setRoot(url: URL): void {
  root = url
}

/** The path below which the console's own pages live, without the last slash. */
export function rootPath(): string {
  return root.pathname.replace(/\/$/, '')
}

/**
 * A Client ID as a part of a path. What a web server or proxy on the way could change (`/`, `..`, `%`) goes as `~` and the base64url of its
 * UTF-8.
 */
export function clientPath(clientId: string): string {
  if (/^[\w-][\w.-]*$/.test(clientId)) return clientId
  const binary = Array.from(new TextEncoder().encode(clientId), (byte) => String.fromCharCode(byte)).join('')
  return `~${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

export function apiUrl(path: string): string {
  return `${rootPath()}/api/v1${path}`
}

/** Every call goes through here: own origin, the session cookie, and the header that forms of other sites cannot send. */
const send: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  url.pathname = `${rootPath()}${url.pathname}`
  const unsafe = request.method !== 'GET' && request.method !== 'HEAD'
  const headers = new Headers(request.headers)
  if (unsafe) headers.set('X-Busbar-Request', '1')
  try {
    return await fetch(url, {
      method: request.method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: request.signal,
      ...(unsafe && request.body ? { body: await request.blob() } : {}),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError('offline', 0, undefined, 'offline')
  }
}

export const api = createClient<paths>({
  baseUrl: `${globalThis.location?.origin ?? 'http://localhost'}/api/v1`,
  fetch: send,
})

/** Who wants to know that the session has ended. */
const endListeners = new Set<(name: ProblemName) => void>()

export function onSessionEnd(listener: (name: ProblemName) => void): () => void {
  endListeners.add(listener)
  return () => endListeners.delete(listener)
}

function problemOf(value: unknown): Problem | undefined {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
    ? (value as Problem)
    : undefined
}

/** The error for an answer that is no success; also tells whoever listens that the session is over. */
export function toError(status: number, body: unknown): ApiError {
  const problem = problemOf(body)
  const name = (problem?.type.replace('urn:busbar:problem:', '') ?? 'unknown') as ProblemName | 'unknown'
  if (name === 'not-authenticated' || name === 'setup-required') {
    for (const listener of endListeners) listener(name)
  }
  return new ApiError(name, status, problem, problem ? problemText(name, problem) : `HTTP ${status}`)
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer; throws {@link ApiError} otherwise. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call
  if (!response.ok) throw toError(response.status, error)
  return data as T
}

/** A file of any size, which the browser keeps on disk. */
export async function downloadBlob(path: string): Promise<Blob> {
  const response = await send(`${globalThis.location.origin}/api/v1${path}`, { method: 'GET' })
  if (!response.ok) throw toError(response.status, await response.json().catch(() => undefined))
  return response.blob()
}

/** As {@link unwrap}, with the file name that the server proposes. */
export async function download(path: string, body?: unknown): Promise<{ name: string; text: string; type: string }> {
  const response = await send(`${globalThis.location.origin}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  })
  const text = await response.text()
  if (!response.ok) {
    let problem: unknown
    try {
      problem = JSON.parse(text)
    } catch {
      problem = undefined
    }
    throw toError(response.status, problem)
  }
  const name = /filename="?([^";]+)"?/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? ''
  return { name, text, type: response.headers.get('Content-Type') ?? 'text/plain' }
}
