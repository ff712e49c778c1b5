import { ChevronDown, Search, X } from 'lucide-react'
import {
  useEffect,
  useId,
  useRef,
  useState,
  type ComponentProps,
  type KeyboardEvent as ReactKeyboardEvent,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react'
import { duration, exact, moment, t } from '../i18n'

export function classes(...names: (string | false | undefined | null)[]): string {
  return names.filter(Boolean).join(' ')
}

interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'plain' | 'ghost' | 'danger'
  size?: 'm' | 'l'
  busy?: boolean
  icon?: ReactNode
}

export function Button({ variant = 'plain', size = 'm', busy, icon, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classes('btn', `btn-${variant}`, size === 'l' && 'btn-l', className)}
      disabled={disabled}
      aria-busy={busy || undefined}
      {...rest}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? <span className="spinner" aria-hidden /> : icon}
      {children}
    </button>
  )
}

type Tone = 'ok' | 'warn' | 'err' | 'info' | 'neutral'

export function Pill({ tone, dot, children, title, testId }: { tone: Tone; dot?: boolean; children: ReactNode; title?: string | undefined; testId?: string }) {
  return (
    <span className={`pill pill-${tone}`} title={title} data-testid={testId}>
      {dot && <span className="dot" aria-hidden />}
      {children}
    </span>
  )
}

/** A message inside a page or dialog. Errors interrupt a screen reader, the rest waits its turn. */
export function Note({ tone, icon, children, testId, live }: { tone: Tone; icon?: ReactNode; children: ReactNode; testId?: string; live?: boolean }) {
  const role = tone === 'err' ? 'alert' : live ? 'status' : undefined
  return (
    <div className={`note note-${tone}`} role={role} data-testid={testId}>
      {icon}
      <div className="note-text">{children}</div>
    </div>
  )
}

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  children: (props: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }) => ReactNode
  className?: string
}

/** A form field: label, control, hint or error, tied together for screen readers. */
export function Field({ label, hint, error, children, className }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <div className={classes('field', className)}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': hint || error ? noteId : undefined, 'aria-invalid': error ? true : undefined })}
      {(error || hint) && (
        <div id={noteId} className={error ? 'field-error' : 'field-hint'} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </div>
      )}
    </div>
  )
}

export function Input({ className, mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return <input className={classes('input', mono && 'mono', className)} autoComplete="off" spellCheck={false} {...rest} />
}

export function TextArea({ className, mono, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { mono?: boolean }) {
  return <textarea className={classes('input', 'area', mono && 'mono', className)} spellCheck={false} {...rest} />
}

export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={classes('select', className)}>
      <select className="input" {...rest}>
        {children}
      </select>
      <ChevronDown size={15} aria-hidden />
    </span>
  )
}

/** A filter in a toolbar: reads "Status: any". */
export function FilterSelect<V extends string>({
  label,
  value,
  options,
  onChange,
  testId,
}: {
  label: string
  value: V | ''
  options: { value: V; label: string }[]
  onChange: (value: V | '') => void
  testId?: string
}) {
  return (
    <span className={classes('filter', value && 'filter-on')}>
      <span aria-hidden>
        {label}: {options.find((option) => option.value === value)?.label ?? t('filter.any')}
      </span>
      <ChevronDown size={14} aria-hidden />
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value as V | '')} data-testid={testId}>
        <option value="">{t('filter.any')}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  )
}

/** A list of hits below a search box, and what keys in the box do with it. */
export interface SearchKeys {
  list: string
  active: string | undefined
  onKeyDown: (event: ReactKeyboardEvent) => void
}

/** A search box; `/` focuses it from anywhere on the page, Escape empties it, Enter searches at once. */
export function SearchBox({ value, onChange, placeholder, testId, hits }: { value: string; onChange: (value: string) => void; placeholder: string; testId?: string; hits?: SearchKeys }) {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    // The value changed from outside, e.g. by the browser's back button.
    if (value !== sent.current) {
      sent.current = value
      setText(value)
    }
  }, [value])
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      onChange(text)
    }, 200)
    return () => clearTimeout(timer)
  }, [text, onChange])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.key !== '/' || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return
      if (document.querySelector('[role=dialog]')) return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <div className="search">
      <Search size={16} aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={placeholder}
        placeholder={placeholder}
        value={text}
        autoComplete="off"
        spellCheck={false}
        {...(hits ? { role: 'combobox', 'aria-expanded': hits.active !== undefined, 'aria-controls': hits.list, 'aria-activedescendant': hits.active } : {})}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text) {
            event.stopPropagation()
            setText('')
          } else if (event.key === 'Enter' && text !== sent.current) {
            sent.current = text
            onChange(text)
          } else hits?.onKeyDown(event)
        }}
        data-testid={testId}
      />
      {text ? (
        <button type="button" className="search-clear" aria-label={t('search.clear')} onClick={() => setText('')}>
          <X size={14} aria-hidden />
        </button>
      ) : (
        <kbd aria-hidden>/</kbd>
      )}
    </div>
  )
}

/** One of few choices, side by side. */
export function Segments<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: V
  options: { value: V; label: ReactNode; hint?: string }[]
  onChange: (value: V) => void
}) {
  const name = useId()
  const cards = options.some((option) => option.hint)
  return (
    <fieldset className={cards ? 'cards' : 'segments'}>
      <legend>{label}</legend>
      <div className="options">
        {options.map((option) => (
          <label key={option.value} className={option.value === value ? 'on' : undefined}>
            <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span className="option-label">{option.label}</span>
            {option.hint && <span className="option-hint">{option.hint}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** The current time, looked at again every second or minute by everything that shows relative times. */
export function useNow(everyMillis: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMillis)
    return () => clearInterval(timer)
  }, [everyMillis])
  return now
}

/** How long ago something was; the exact time on hover. */
export function Ago({ time, every = 10_000, bare }: { time: string | number; every?: number; bare?: boolean }) {
  // Minutes need no look every second.
  const now = useNow(Date.now() - new Date(time).getTime() < 60_000 ? every : Math.max(every, 10_000))
  const past = now - new Date(time).getTime()
  const text = past < 1_000 ? t('time.now') : bare ? duration(past) : t('time.ago', { time: duration(past) })
  return (
    <time dateTime={new Date(time).toISOString()} title={exact(time)}>
      {text}
    </time>
  )
}

/** How long ago something was, and below it when: of another day than today with the day. */
export function Age({ time, every = 1_000 }: { time: string | number; every?: number }) {
  return (
    <span className="two-lines age">
      <Ago time={time} every={every} />
      <span className="muted small num">{moment(time)}</span>
    </span>
  )
}

export function saveFile(name: string, text: string, type: string): void {
  saveBlob(name, new Blob([text], { type }))
}

/** As {@link saveFile}, for what is too large to be a text. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
