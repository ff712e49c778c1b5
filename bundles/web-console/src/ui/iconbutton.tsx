import { Check, Copy } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type ComponentProps, type ReactNode } from 'react'
import { t } from '../i18n'
import { Button, classes } from './basics'
import { toast } from './toast'

const TIP_DELAY_MILLIS = 400

/** The name of a button without text, for the eyes; screen readers get it from the button. In the top layer, so nothing cuts it off. */
function Tip({ target, text }: { target: HTMLElement; text: string }) {
  const tip = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const element = tip.current
    if (!element) return
    element.showPopover?.()
    const at = target.getBoundingClientRect()
    const own = element.getBoundingClientRect()
    const below = at.bottom + 6 + own.height < innerHeight
    element.style.top = `${below ? at.bottom + 6 : at.top - 6 - own.height}px`
    element.style.left = `${Math.max(6, Math.min(innerWidth - own.width - 6, at.left + at.width / 2 - own.width / 2))}px`
  }, [target, text])
  return (
    <span ref={tip} className="tip" popover="manual" aria-hidden>
      {text}
    </span>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  label: string
  icon: ReactNode
  pressed?: boolean
}

/** A button without text: its name is read aloud, and shown on hover and focus. */
export function IconButton({ label, icon, pressed, className, onClick, ...rest }: IconButtonProps) {
  const [target, setTarget] = useState<HTMLElement>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const hide = () => {
    clearTimeout(timer.current)
    setTarget(undefined)
  }
  return (
    <>
      <button
        type="button"
        className={classes('icon-btn', className)}
        aria-label={label}
        aria-pressed={pressed}
        onPointerEnter={(event) => {
          const element = event.currentTarget
          if (event.pointerType === 'mouse') timer.current = setTimeout(() => setTarget(element), TIP_DELAY_MILLIS)
        }}
        onPointerLeave={hide}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && setTarget(event.currentTarget)}
        onBlur={hide}
        onKeyDown={(event) => event.key === 'Escape' && hide()}
        onClick={onClick}
        {...rest}
      >
        {icon}
      </button>
      {target && <Tip target={target} text={label} />}
    </>
  )
}

/** Puts text on the clipboard; without a secure context the old way. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && globalThis.isSecureContext) {
    await navigator.clipboard.writeText(text)
    return
  }
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'sr'
  const before = document.activeElement
  const host = before?.closest('[role=dialog]') ?? document.body
  host.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus()
  if (!copied) throw new Error('The browser refused to copy.')
}

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = (text: string) => {
    copyText(text).then(
      () => {
        setCopied(true)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => setCopied(false), 2_000)
      },
      () => toast({ kind: 'error', text: t('copy.failed') }),
    )
  }
  return [copied, copy]
}

interface CopyButtonProps {
  text: string
  /** What is copied, e.g. "Copy topic". */
  label: string
  testId?: string
  /** With visible text instead of the icon alone. */
  wide?: boolean
}

export function CopyButton({ text, label, testId, wide }: CopyButtonProps) {
  const [copied, copy] = useCopied()
  const icon = copied ? <Check size={16} className="ok" aria-hidden /> : <Copy size={16} aria-hidden />
  return (
    <>
      {wide ? (
        <Button icon={icon} onClick={() => copy(text)} data-testid={testId} data-copied={copied || undefined}>
          {copied ? t('copy.done') : label}
        </Button>
      ) : (
        <IconButton
          className="copy"
          label={copied ? t('copy.done') : label}
          icon={icon}
          onClick={() => copy(text)}
          data-testid={testId}
          data-copied={copied || undefined}
        />
      )}
      <span className="sr" aria-live="polite">
        {copied ? t('copy.done') : ''}
      </span>
    </>
  )
}
