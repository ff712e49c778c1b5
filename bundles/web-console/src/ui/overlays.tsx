import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { t, tx } from '../i18n'
import { Button, classes, Field, Input, Note } from './basics'
import { useFocusReturn } from './focus'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  footer?: ReactNode
  /** m 540 px, l 620 px, xl 960 px. */
  size?: 'm' | 'l' | 'xl'
  /** Escape and a click outside do not close it: what it shows cannot be had again. */
  sticky?: boolean
  onSubmit?: () => void
  /** What the server said last, if it refused; a new one is scrolled to and focused. */
  failure?: unknown
  initialFocus?: RefObject<HTMLElement | null>
  testId?: string
}

/** Shows the first mistake of a form and puts the focus on it: it may be far from the button that was pressed. */
function showMistake(form: HTMLElement | null) {
  const mistake = form?.querySelector<HTMLElement>('[aria-invalid="true"], .note-err')
  if (!mistake) return
  if (mistake.classList.contains('note')) mistake.tabIndex = -1
  mistake.scrollIntoView?.({ block: 'center' })
  mistake.focus({ preventScroll: true })
}

/**
 * A modal dialog; with `onSubmit` its body and footer are a form, whose first mistake is shown when it is submitted.
 * Focus returns to where it came from.
 */
export function Dialog({ open, onClose, title, description, children, footer, size = 'm', sticky, onSubmit, failure, initialFocus, testId }: DialogProps) {
  const form = useRef<HTMLFormElement>(null)
  const focusReturn = useFocusReturn()
  const [submits, setSubmits] = useState(0)
  useEffect(() => {
    if (submits > 0) showMistake(form.current)
  }, [submits, failure])
  const body = (
    <>
      <div className="dialog-body">{children}</div>
      {footer && <div className="dialog-foot">{footer}</div>}
    </>
  )
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next, details) => {
        if (next) return
        if (sticky && (details.reason === 'outside-press' || details.reason === 'escape-key')) return
        onClose()
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="scrim" />
        <BaseDialog.Popup className={classes('dialog', `dialog-${size}`)} data-testid={testId} {...focusReturn} {...(initialFocus ? { initialFocus } : {})}>
          <div className="dialog-head">
            <div>
              <BaseDialog.Title className="dialog-title">{title}</BaseDialog.Title>
              {description && <BaseDialog.Description className="dialog-desc">{description}</BaseDialog.Description>}
            </div>
            <BaseDialog.Close className="icon-btn" aria-label={t('close')} data-testid="dialog-close">
              <X size={17} aria-hidden />
            </BaseDialog.Close>
          </div>
          {onSubmit ? (
            <form
              ref={form}
              className="dialog-form"
              noValidate
              onSubmit={(event) => {
                event.preventDefault()
                event.stopPropagation()
                onSubmit()
                setSubmits((before) => before + 1)
              }}
            >
              {body}
            </form>
          ) : (
            body
          )}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

interface ConfirmProps {
  open: boolean
  onClose: () => void
  title: string
  /** Names what will happen. */
  children: ReactNode
  action: string
  danger?: boolean
  /** What has to be typed before it can be done, because it concerns much. */
  word?: string | undefined
  run: () => Promise<unknown>
  testId?: string
}

/** Asks before something that cannot be undone or drops connections; stays open and tells why when it fails. */
export function Confirm({ open, onClose, title, children, action, danger, word, run, testId }: ConfirmProps) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const [typed, setTyped] = useState('')
  const cancel = useRef<HTMLButtonElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const focusReturn = useFocusReturn()
  const close = () => {
    setError(undefined)
    setTyped('')
    onClose()
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && !busy && close()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="scrim" />
        <AlertDialog.Popup className="dialog dialog-s" initialFocus={word === undefined ? cancel : input} {...focusReturn} data-testid={testId ?? 'confirm'}>
          <div className="dialog-head">
            <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          </div>
          <div className="dialog-body">
            <AlertDialog.Description render={<div />} className="sub">
              {children}
            </AlertDialog.Description>
            {word !== undefined && (
              <Field label={tx('confirm.type', { word: <code key="w" className="mono strong">{word}</code> })}>
                {(props) => <Input {...props} ref={input} mono value={typed} onChange={(event) => setTyped(event.target.value)} data-testid="confirm-word" />}
              </Field>
            )}
            {error && <Note tone="err">{error}</Note>}
          </div>
          <div className="dialog-foot">
            <AlertDialog.Close render={<Button />} ref={cancel} disabled={busy}>
              {t('cancel')}
            </AlertDialog.Close>
            <Button
              variant={danger ? 'danger' : 'primary'}
              busy={busy}
              disabled={word !== undefined && typed.trim() !== word}
              data-testid="confirm-action"
              onClick={() => {
                setBusy(true)
                run().then(
                  () => {
                    setBusy(false)
                    close()
                  },
                  (failure: Error) => {
                    setBusy(false)
                    setError(failure.message)
                  },
                )
              }}
            >
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
