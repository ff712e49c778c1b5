import { useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../api/client'
import { useChange } from '../api/queries'
import { MIN_PASSWORD, PasswordInput } from '../features/auth/PasswordInput'
import { t, tn } from '../i18n'
import { Button, Field, Note } from '../ui/basics'
import { Dialog } from '../ui/overlays'
import { toast } from '../ui/toast'

/** One's own password: the present one is asked for, and the other sessions of the person end. */
export default function ChangePassword({ me, onClose }: { me: Schemas['Me']; onClose: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const change = useChange((body: Schemas['PasswordChange']) => unwrap(api.POST('/auth/password', { body })))
  const error = change.error instanceof ApiError ? change.error : undefined
  const wrong = error?.name === 'invalid-credentials'
  const short = next.length < MIN_PASSWORD
  const different = next !== again
  const submit = () => {
    setTried(true)
    if (current === '' || short || different || change.isPending) return
    change.mutate(
      { currentPassword: current, newPassword: next },
      {
        onSuccess: () => {
          toast({ kind: 'ok', text: t('password.changed') })
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('password.change')}
      description={t('password.changeText')}
      onSubmit={submit}
      failure={change.error}
      testId="change-password"
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={change.isPending} data-testid="change-password-submit">
            {t('password.change')}
          </Button>
        </>
      }
    >
      {error && !wrong && !error.field('newPassword') && <Note tone="err">{error.name === 'throttled' ? tn('login.throttled', error.problem?.retryAfterSeconds ?? 1) : error.message}</Note>}
      <input type="text" className="sr" autoComplete="username" value={me.username} readOnly tabIndex={-1} aria-hidden />
      <Field label={t('password.current')} error={tried && current === '' ? t('required') : wrong ? t('password.wrong') : undefined}>
        {(props) => (
          <PasswordInput
            {...props}
            autoComplete="current-password"
            value={current}
            onChange={(event) => {
              setCurrent(event.target.value)
              if (wrong) change.reset()
            }}
            data-testid="current-password"
          />
        )}
      </Field>
      <Field
        label={t('password.new')}
        hint={t('setup.passwordHint', { n: MIN_PASSWORD })}
        error={tried && short ? t('setup.passwordShort', { n: MIN_PASSWORD, left: MIN_PASSWORD - next.length }) : error?.field('newPassword')}
      >
        {(props) => <PasswordInput {...props} autoComplete="new-password" value={next} onChange={(event) => setNext(event.target.value)} data-testid="new-password" />}
      </Field>
      <Field label={t('setup.again')} error={tried && !short && different ? t('setup.different') : undefined}>
        {(props) => <PasswordInput {...props} autoComplete="new-password" value={again} onChange={(event) => setAgain(event.target.value)} data-testid="new-password-again" />}
      </Field>
    </Dialog>
  )
}
