import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { CircleHelp, House, KeyRound, Moon, Network, Plus, Search, Server, ShieldX } from 'lucide-react'
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useClients, useCredentials, useSearch } from '../api/queries'
import { t } from '../i18n'
import { classes } from '../ui/basics'
import { useFocusReturn } from '../ui/focus'
import { setTheme } from '../ui/theme'

interface Entry {
  id: string
  group: string
  label: string
  hint?: string
  icon: ReactNode
  run: () => void
}

/** Ctrl K: pages, actions, topics, clients and credentials by a few letters. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const focusReturn = useFocusReturn()
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="scrim" />
        <BaseDialog.Popup className="palette" {...focusReturn} data-testid="palette">
          <BaseDialog.Title className="sr">{t('palette.open')}</BaseDialog.Title>
          <Finder onClose={onClose} />
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

function useDebounced(value: string, millis: number): string {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), millis)
    return () => clearTimeout(timer)
  }, [value, millis])
  return late
}

function Finder({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const [, navigate] = useLocation()
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const q = useDebounced(text.trim(), 150)
  const topics = useSearch(q, 8)
  const found = q !== ''
  const clients = useClients(found ? { q } : {})
  const credentials = useCredentials(found ? { q } : {})

  const entries = useMemo(() => {
    const go = (to: string) => () => navigate(to)
    const fixed: Entry[] = [
      { id: 'overview', group: t('palette.pages'), label: t('nav.overview'), icon: <House size={16} />, run: go('/') },
      { id: 'uns', group: t('palette.pages'), label: t('nav.uns'), icon: <Network size={16} />, run: go('/uns') },
      { id: 'edge', group: t('palette.pages'), label: t('nav.edge'), icon: <Server size={16} />, run: go('/edge') },
      { id: 'credentials', group: t('palette.pages'), label: t('edge.tab.credentials'), icon: <KeyRound size={16} />, run: go('/edge/credentials') },
      { id: 'rejected', group: t('palette.pages'), label: t('edge.tab.rejected'), icon: <ShieldX size={16} />, run: go('/edge/rejected') },
      { id: 'new-credentials', group: t('palette.actions'), label: t('credentials.new'), icon: <Plus size={16} />, run: go('/edge/credentials?new') },
      { id: 'new-topic', group: t('palette.actions'), label: t('uns.newTopic'), icon: <Plus size={16} />, run: go('/uns?new=topic') },
      {
        id: 'theme',
        group: t('palette.actions'),
        label: t('palette.theme'),
        icon: <Moon size={16} />,
        run: () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
      },
    ]
    const letters = text.trim().toLowerCase()
    const matching = fixed.filter((entry) => entry.label.toLowerCase().includes(letters))
    if (!found) return matching
    return [
      ...matching,
      ...(topics.data?.items ?? []).map(({ node, topic }) => ({
        id: node ? `t-${node.id}` : `u-${topic}`,
        group: t('palette.topics'),
        label: node?.name ?? (topic.split('/').at(-1) || topic),
        hint: topic,
        icon: node ? <Network size={16} /> : <CircleHelp size={16} />,
        run: go(`/uns?${node ? 'path' : 'unmodeled'}=${encodeURIComponent(topic)}`),
      })),
      ...(clients.data?.pages[0]?.items ?? []).slice(0, 5).map((client) => ({
        id: `c-${client.clientId}`,
        group: t('edge.tab.clients'),
        label: client.clientId,
        hint: client.credential?.description ?? client.username,
        icon: <Server size={16} />,
        run: go(`/edge?client=${encodeURIComponent(client.clientId)}`),
      })),
      ...(credentials.data?.pages[0]?.items ?? []).slice(0, 5).map((credential) => ({
        id: `k-${credential.id}`,
        group: t('edge.tab.credentials'),
        label: credential.description,
        hint: credential.clientId,
        icon: <KeyRound size={16} />,
        run: go(`/edge/credentials?q=${encodeURIComponent(credential.clientId)}`),
      })),
    ] satisfies Entry[]
  }, [text, found, topics.data, clients.data, credentials.data, navigate])

  const current = Math.min(active, entries.length - 1)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' })
  }, [current])

  const choose = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    entry.run()
  }
  return (
    <>
      <div className="palette-input">
        <Search size={18} aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={entries[current] ? `${id}-${current}` : undefined}
          aria-label={t('palette.placeholder')}
          placeholder={t('palette.placeholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setActive(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setActive((current + 1) % Math.max(1, entries.length))
            else if (event.key === 'ArrowUp') setActive((current - 1 + entries.length) % Math.max(1, entries.length))
            else if (event.key === 'Enter') choose(entries[current])
            else return
            event.preventDefault()
          }}
          data-testid="palette-input"
        />
        <kbd aria-hidden>Esc</kbd>
      </div>
      <div ref={list} id={id} className="palette-list" role="listbox" aria-label={t('palette.results')} tabIndex={-1}>
        {entries.map((entry, index) => (
          <div key={entry.id} role="presentation">
            {entry.group !== entries[index - 1]?.group && (
              <div className="palette-group" role="presentation">
                {entry.group}
              </div>
            )}
            <div
              role="option"
              id={`${id}-${index}`}
              aria-selected={index === current}
              className={classes('palette-item', index === current && 'on')}
              onMouseMove={() => setActive(index)}
              onClick={() => choose(entry)}
            >
              {entry.icon}
              <span>{entry.label}</span>
              {entry.hint && <span className="palette-hint mono">{entry.hint}</span>}
            </div>
          </div>
        ))}
        {entries.length === 0 && <div className="palette-none">{t('palette.none', { q: text })}</div>}
      </div>
    </>
  )
}
