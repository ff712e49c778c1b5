import type { Server } from './server'

/** RFC 9457 problem details. */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  errors?: { pointer: string; field: string; code: string; message: string }[]
  triesLeft?: number
  retryAfterSeconds?: number
}

export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    request: string,
  ) {
    super(`${request}: ${status} ${JSON.stringify(problem)}`)
  }

  /** The last part of `urn:busbar:problem:<name>`. */
  get problemName(): string {
    return this.problem.type.split(':').at(-1)!
  }
}

export interface CredentialRow {
  id: string
  description: string
  clientId: string
  username: string
  clientIdPolicy: 'EXACT' | 'PREFIX' | 'ANY'
  otherClientIds: string[]
  enabled: boolean
  connected: number
  everConnected: boolean
  lastSeenAt: string | null
  createdBy: string
  acl: AclRule[]
}

export interface AclRule {
  effect: 'ALLOW' | 'DENY'
  action: 'PUBLISH' | 'SUBSCRIBE' | 'BOTH'
  filter: string
}

/** What an engineer carries to a device. */
export interface Triple {
  id: string
  clientId: string
  username: string
  password: string
}

export interface ClientRow {
  clientId: string
  online: boolean
  credential: { id: string; description: string } | null
  username: string
  address: string | null
  protocol: string
  transport: string
  keepAliveSeconds: number
  cleanStart: boolean
  sessionExpirySeconds: number
  subscriptions: number
  messagesIn: number
  messagesOut: number
}

export interface RejectionRow {
  id: string
  kind: string
  cause: string
  reasonCode: number
  reason: string
  count: number
  credential: { id: string; description: string } | null
  username: string
  clientId: string
  expectedClientId: string | null
  topic: string | null
  rule: string | null
  remedies: string[]
}

export interface ViolationView {
  code: string
  field: string | null
  reason: string
}

export interface ValueView {
  topic: string
  nodeId: string | null
  quality: 'Good' | 'GoodNoData' | 'Bad' | 'Uncertain'
  timestamp: string | null
  receivedAt: string | null
  value: unknown
  raw: string | null
  rawEncoding: 'text' | 'base64'
  bytes: number
  qos: number
  retain: boolean
  publisher: { credentialId: string | null; description: string; clientId: string; address: string | null } | null
  fields: { name: string; value?: unknown; quality: string; timestamp: string | null; modeled: boolean; violation: ViolationView | null }[]
  messages: number
  violations: number
  lastViolation: ViolationView | null
}

export interface NodeView {
  id: string
  type: 'PATH' | 'TOPIC'
  name: string
  path: string
  alias: string
  topicType: string | null
  wireTopic?: string | null
  description: string | null
  model: { fields: { name: string; type: string; required?: boolean; unit?: string | null }[] } | null
  revision: number
}

interface Page<T> {
  items: T[]
  nextCursor: string | null
  total: number
}

/** A REST client with a session of its own, as an integrator's script would be. */
export class Api {
  /** The session cookie, `name=value`. */
  cookie: string | undefined

  constructor(private readonly server: Server) {}

  /** Sends one request and returns the answer as it is. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const url = new URL(`api/v1${path}`, this.server.endpoints.http)
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(method === 'GET' ? {} : { 'X-Busbar-Request': '1' }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.cookie === undefined ? {} : { Cookie: this.cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(';')
      if (pair!.startsWith('busbar_session_')) this.cookie = pair!.endsWith('=') ? undefined : pair!
    }
    return answer
  }

  /** Sends, and returns the JSON of a 2xx answer; else throws ProblemError. */
  async call<T = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.send(method, path, body, headers)
    const text = await answer.text()
    if (answer.ok) return (text === '' ? undefined : JSON.parse(text)) as T
    let problem: Problem
    try {
      problem = JSON.parse(text) as Problem
    } catch {
      throw new Error(`${method} ${path}: ${answer.status}, not a problem document: ${text.slice(0, 300)}`)
    }
    throw new ProblemError(answer.status, problem, `${method} ${path}`)
  }

  get<T = unknown>(path: string): Promise<T> {
    return this.call<T>('GET', path)
  }

  post<T = unknown>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    return this.call<T>('POST', path, body, headers)
  }

  async setUp(username: string, password: string): Promise<void> {
    const token = this.server.setupLink?.split('#')[1]
    if (token === undefined) throw new Error(`No setup link was printed:\n${this.server.output}`)
    await this.post('/setup', { token, username, password })
  }

  async login(username: string, password: string): Promise<this> {
    await this.post('/auth/login', { username, password })
    return this
  }

  async createCredential(description: string, more: Record<string, unknown> = {}): Promise<Triple> {
    const { credential, password } = await this.post<{ credential: CredentialRow; password: string }>('/credentials', {
      description,
      ...more,
    })
    return { id: credential.id, clientId: credential.clientId, username: credential.username, password }
  }

  async credentials(): Promise<CredentialRow[]> {
    return (await this.get<Page<CredentialRow>>('/credentials?limit=500')).items
  }

  async credential(id: string): Promise<CredentialRow> {
    return this.get<CredentialRow>(`/credentials/${id}`)
  }

  async clients(): Promise<ClientRow[]> {
    return (await this.get<Page<ClientRow>>('/clients?limit=500')).items
  }

  async client(clientId: string): Promise<ClientRow | undefined> {
    return (await this.clients()).find(row => row.clientId === clientId)
  }

  async rejections(): Promise<RejectionRow[]> {
    return (await this.get<Page<RejectionRow>>('/rejections?limit=500')).items
  }

  value(topic: string): Promise<ValueView> {
    return this.get<ValueView>(`/namespace/value?topic=${encodeURIComponent(topic)}`)
  }

  node(path: string): Promise<NodeView> {
    return this.get<NodeView>(`/namespace/nodes?path=${encodeURIComponent(path)}`)
  }

  async unmodeled(): Promise<{ topic: string; messages: number; text: string | null; firstSeenAt: string }[]> {
    return (await this.get<Page<{ topic: string; messages: number; text: string | null; firstSeenAt: string }>>('/namespace/unmodeled?limit=500')).items
  }
}

/** The name of the problem that a call ends with: `validation`, `conflict`, …; fails when it does not fail. */
export async function problemOf(call: Promise<unknown>): Promise<{ status: number; name: string; problem: Problem }> {
  try {
    await call
  } catch (error) {
    if (error instanceof ProblemError) return { status: error.status, name: error.problemName, problem: error.problem }
    throw error
  }
  throw new Error('expected a problem document, but the call succeeded')
}
