import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { t } from '../i18n'

interface Toast {
  id: number
  kind: 'ok' | 'error'
  text: string
  /** What can be done about it at once. */
  action?: { label: string; run: () => void }
  /** What it is about: what was said about the same before is not so any more, and goes. */
  about?: string
}

let toasts: Toast[] = []
let next = 1
const listeners = new Set<() => void>()

function publish(list: Toast[]): void {
  toasts = list
  for (const listener of listeners) listener()
}

function dismiss(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id))
}

/** Tells the result of something that has no place of its own on the page. Errors stay until they are dismissed. */
export function toast(what: Omit<Toast, 'id'>): void {
  const id = next++
  publish([...toasts.filter((other) => other.text !== what.text && (what.about === undefined || other.about !== what.about)), { ...what, id }].slice(-4))
  if (what.kind === 'ok') setTimeout(() => dismiss(id), what.action ? 10_000 : 5_000)
}

export function Toasts() {
  const list = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div className="toasts" role="region" aria-label={t('toasts.label')}>
      <div aria-live="polite">
        {list.map((item) => (
          <div key={item.id} className={`toast toast-${item.kind}`} role={item.kind === 'error' ? 'alert' : 'status'} data-testid="toast">
            {item.kind === 'ok' ? <CircleCheck size={16} aria-hidden /> : <TriangleAlert size={16} aria-hidden />}
            <span>{item.text}</span>
            {item.action && (
              <button
                type="button"
                className="link"
                onClick={() => {
                  dismiss(item.id)
                  item.action!.run()
                }}
                data-testid="toast-action"
              >
                {item.action.label}
              </button>
            )}
            <button type="button" aria-label={t('dismiss')} onClick={() => dismiss(item.id)}>
              <X size={14} aria-hidden />
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}
