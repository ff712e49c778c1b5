import { api, apiUrl, type Schemas } from './client'

export type Channel = Schemas['Channel']
export type LiveValue = Schemas['LiveValue']
export type LiveState = 'connecting' | 'open' | 'closed'

/** What each event of the stream carries. */
export interface LiveEvents {
  hello: Schemas['EventHello']
  stats: Schemas['Stats']
  clients: Schemas['EventClients']
  credentials: Schemas['EventCredentials']
  rejections: Schemas['EventRejections']
  namespace: Schemas['EventNamespace']
  values: Schemas['EventValues']
  lost: Schemas['EventLost']
  bye: Record<string, never>
  /** Not from the server: it has just begun to tell about these channels. What happened there until now was missed. */
  watching: { channels: Channel[] }
}

/** Points of a sparkline: five minutes at five seconds. */
const HISTORY = 60
const HISTORY_STEP_MILLIS = 5_000
/** A stream without any event for this long is taken for dead: three heartbeats. */
const SILENCE_MILLIS = 45_000

/** Bounds of the list of clients whose figures are wanted. */
const MOST_CLIENTS = 200
const LONGEST_CLIENT_ID = 1024

export interface StatsSeries {
  online: number[]
  in: number[]
  out: number[]
}

type Listener = () => void

/**
 * The one live stream of this tab. Components subscribe to what they show; the union of their wishes is sent to the
 * server (150 ms after the last change), so that cost follows what is on screen. Values live outside React: one
 * subscription per visible row. Closed while the tab is hidden, resumed where it left off.
 */
export class Live {
  private source: EventSource | undefined
  private streamId: string | undefined
  private lastEventId: string | undefined
  private wanted = false
  private retryMillis = 1_000
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private silenceTimer: ReturnType<typeof setTimeout> | undefined
  private watchTimer: ReturnType<typeof setTimeout> | undefined
  private sentWatch = ''
  /** Channels that the server has agreed to tell about. */
  private watched = new Set<Channel>()

  private readonly handlers = new Map<keyof LiveEvents, Set<(data: never) => void>>()
  private readonly channels = new Map<Channel, number>()
  private readonly ids = new Map<number, number>()
  private readonly details: number[] = []
  /** Client IDs on screen, by the part of the page that shows them. */
  private readonly shownClients = new Map<string, string[]>()

  private readonly valueListeners = new Map<number, Set<Listener>>()
  private readonly values = new Map<number, LiveValue>()
  private pendingValues = new Map<number, LiveValue>()
  private frame = 0

  private detailValue: Schemas['Value'] | undefined
  private readonly detailListeners = new Set<Listener>()

  private statsValue: Schemas['Stats'] | undefined
  private series: StatsSeries = { online: [], in: [], out: [] }
  private seriesAt = 0
  private readonly statsListeners = new Set<Listener>()

  private stateValue: LiveState = 'closed'
  private readonly stateListeners = new Set<Listener>()

  constructor() {
    if (typeof document !== 'undefined') {
      document.addEventListener('visibilitychange', () => {
        if (!this.wanted) return
        if (document.hidden) this.close('closed')
        else this.open()
      })
      globalThis.addEventListener?.('online', () => this.wanted && this.open())
    }
  }

  /** Opens the stream and keeps it open until {@link stop}. */
  start(): void {
    this.wanted = true
    this.open()
  }

  /** Closes the stream and forgets everything: the session is over. */
  stop(): void {
    this.wanted = false
    this.close('closed')
    this.streamId = undefined
    this.lastEventId = undefined
    this.values.clear()
    this.statsValue = undefined
    this.detailValue = undefined
    this.series = { online: [], in: [], out: [] }
    this.seriesAt = 0
  }

  on<E extends keyof LiveEvents>(event: E, handler: (data: LiveEvents[E]) => void): () => void {
    const set = this.handlers.get(event) ?? new Set()
    this.handlers.set(event, set)
    set.add(handler as (data: never) => void)
    return () => set.delete(handler as (data: never) => void)
  }

  /** Wants events of a channel until the returned function is called. */
  subscribe(channel: Channel): () => void {
    this.channels.set(channel, (this.channels.get(channel) ?? 0) + 1)
    this.watchSoon()
    return () => {
      const left = (this.channels.get(channel) ?? 1) - 1
      if (left > 0) this.channels.set(channel, left)
      else this.channels.delete(channel)
      this.watchSoon()
    }
  }

  /** Calls back at most once a frame when the value of a topic changes; asks the server for it meanwhile. */
  subscribeValue(id: number, listener: Listener): () => void {
    const set = this.valueListeners.get(id) ?? new Set()
    this.valueListeners.set(id, set)
    set.add(listener)
    this.ids.set(id, (this.ids.get(id) ?? 0) + 1)
    this.watchSoon()
    return () => {
      set.delete(listener)
      if (set.size === 0) this.valueListeners.delete(id)
      const left = (this.ids.get(id) ?? 1) - 1
      if (left > 0) this.ids.set(id, left)
      else this.ids.delete(id)
      this.watchSoon()
    }
  }

  value(id: number): LiveValue | undefined {
    return this.values.get(id)
  }

  /** Wants changed figures of these clients, in the place of those that this part of the page showed before. */
  showClients(part: string, clientIds: string[]): void {
    if (clientIds.length > 0) this.shownClients.set(part, clientIds)
    else this.shownClients.delete(part)
    this.watchSoon()
  }

  /** The whole value of one topic; the latest subscriber decides which. */
  subscribeDetail(id: number, listener: Listener): () => void {
    this.details.push(id)
    this.detailListeners.add(listener)
    this.watchSoon()
    return () => {
      this.details.splice(this.details.lastIndexOf(id), 1)
      this.detailListeners.delete(listener)
      this.watchSoon()
    }
  }

  detail(): Schemas['Value'] | undefined {
    return this.detailValue
  }

  subscribeStats = (listener: Listener): (() => void) => {
    this.statsListeners.add(listener)
    return () => this.statsListeners.delete(listener)
  }

  stats = (): Schemas['Stats'] | undefined => this.statsValue

  statsSeries = (): StatsSeries => this.series

  subscribeState = (listener: Listener): (() => void) => {
    this.stateListeners.add(listener)
    return () => this.stateListeners.delete(listener)
  }

  state = (): LiveState => this.stateValue

  /** What a fresh page loaded by GET /broker/stats: later events continue it. */
  seedStats(stats: Schemas['BrokerStats']): void {
    const { history, ...now } = stats
    this.statsValue ??= now
    if (this.series.online.length < history.online.length) {
      this.series = {
        online: history.online.slice(-HISTORY),
        in: history.messagesInPerSecond.slice(-HISTORY),
        out: history.messagesOutPerSecond.slice(-HISTORY),
      }
      this.seriesAt = Date.now()
    }
    this.notify(this.statsListeners)
  }

  private open(): void {
    clearTimeout(this.retryTimer)
    if (this.source || typeof EventSource === 'undefined' || document.hidden) return
    this.setState('connecting')
    const query = new URLSearchParams({ channels: [...this.channels.keys()].join(',') || 'stats' })
    if (this.lastEventId) query.set('lastEventId', this.lastEventId)
    const source = new EventSource(`${apiUrl('/events')}?${query}`)
    this.source = source
    source.onerror = () => {
      // The browser's own retry cannot carry the new list of channels; ours backs off, and a dead session ends it.
      if (this.source === source) this.retry()
    }
    const listen = <E extends keyof LiveEvents>(event: E, apply: (data: LiveEvents[E]) => void) =>
      source.addEventListener(event, (message) => {
        if (this.source !== source) return
        this.alive(message.lastEventId)
        const data = JSON.parse(message.data as string) as LiveEvents[E]
        apply(data)
        this.emit(event, data)
      })
    listen('hello', (hello) => this.hello(hello))
    listen('stats', (stats) => this.applyStats(stats))
    listen('values', (values) => this.applyValues(values))
    for (const event of ['clients', 'credentials', 'rejections', 'namespace', 'lost'] as const) listen(event, () => undefined)
    listen('bye', () => this.retry())
    source.addEventListener('heartbeat', (message) => this.alive(message.lastEventId))
    this.silence()
  }

  private hello(hello: LiveEvents['hello']): void {
    this.streamId = hello.streamId
    this.retryMillis = 1_000
    if (!hello.resumed) {
      this.sentWatch = ''
      this.watched.clear()
    }
    this.setState('open')
    this.watchNow()
  }

  private emit<E extends keyof LiveEvents>(event: E, data: LiveEvents[E]): void {
    for (const handler of this.handlers.get(event) ?? []) (handler as (data: LiveEvents[E]) => void)(data)
  }

  private alive(id: string): void {
    if (id) this.lastEventId = id
    this.silence()
  }

  private silence(): void {
    clearTimeout(this.silenceTimer)
    this.silenceTimer = setTimeout(() => this.retry(), SILENCE_MILLIS)
  }

  private retry(): void {
    this.close('connecting')
    if (!this.wanted) return
    this.retryTimer = setTimeout(() => {
      // A dead session answers this with 401, which ends the stream for good; otherwise it tells that the server is back.
      void api.GET('/auth/me').then(
        ({ response }) => (response.status === 401 ? this.stop() : this.open()),
        () => this.retry(),
      )
    }, this.retryMillis)
    this.retryMillis = Math.min(this.retryMillis * 2, 10_000)
  }

  private close(state: LiveState): void {
    clearTimeout(this.retryTimer)
    clearTimeout(this.silenceTimer)
    this.source?.close()
    this.source = undefined
    this.setState(state)
  }

  private watchSoon(): void {
    clearTimeout(this.watchTimer)
    this.watchTimer = setTimeout(() => this.watchNow(), 150)
  }

  private watchNow(): void {
    if (!this.streamId || this.stateValue !== 'open') return
    const body: Schemas['WatchRequest'] = {
      channels: [...new Set<Channel>(['stats', ...this.channels.keys()])].sort(),
      ids: [...this.ids.keys()].sort((a, b) => a - b).slice(0, 1000),
      detail: this.details.at(-1) ?? null,
      clients: [...new Set([...this.shownClients.values()].flat())].filter((id) => id.length <= LONGEST_CLIENT_ID).slice(0, MOST_CLIENTS),
    }
    const key = JSON.stringify(body)
    if (key === this.sentWatch) return
    this.sentWatch = key
    void api
      .POST('/events/{streamId}/watch', { params: { path: { streamId: this.streamId } }, body })
      .then(({ response }) => {
        if (response.status === 404) {
          this.lastEventId = undefined
          this.close('connecting')
          this.open()
        } else if (response.ok) {
          const channels = body.channels!.filter((channel) => !this.watched.has(channel))
          this.watched = new Set(body.channels)
          if (channels.length > 0) this.emit('watching', { channels })
        }
      })
      .catch(() => {
        this.sentWatch = ''
      })
  }

  private applyStats(stats: Schemas['Stats']): void {
    this.statsValue = stats
    const now = Date.now()
    const { online, in: received, out: sent } = this.series
    const point = [stats.online, stats.messagesInPerSecond, stats.messagesOutPerSecond] as const
    if (now - this.seriesAt >= HISTORY_STEP_MILLIS || online.length === 0) {
      const push = (list: number[], value: number) => [...list, value].slice(-HISTORY)
      this.series = { online: push(online, point[0]), in: push(received, point[1]), out: push(sent, point[2]) }
      this.seriesAt = now
    } else {
      const replace = (list: number[], value: number) => [...list.slice(0, -1), value]
      this.series = { online: replace(online, point[0]), in: replace(received, point[1]), out: replace(sent, point[2]) }
    }
    this.notify(this.statsListeners)
  }

  /** Keeps the newest of each topic and tells the rows once per frame. */
  private applyValues(batch: Schemas['EventValues']): void {
    for (const value of batch.values) this.pendingValues.set(value.i, value)
    if (batch.detail) this.detailValue = batch.detail
    if (this.frame) return
    const flush = () => {
      this.frame = 0
      const changed = this.pendingValues
      this.pendingValues = new Map()
      for (const [id, value] of changed) {
        this.values.set(id, value)
        this.notify(this.valueListeners.get(id))
      }
      this.notify(this.detailListeners)
    }
    this.frame = requestAnimationFrame(flush)
  }

  private setState(state: LiveState): void {
    if (state === this.stateValue) return
    this.stateValue = state
    this.notify(this.stateListeners)
  }

  private notify(listeners: Iterable<Listener> | undefined): void {
    for (const listener of listeners ?? []) listener()
  }
}

export const live = new Live()
