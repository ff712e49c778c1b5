import { Clock, Info, Lock, User } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { t, tn } from '../../i18n'
import { Button, Field, Note } from '../../ui/basics'
import { AuthFrame } from './Frame'
import { PasswordInput } from './PasswordInput'

export type LoginReason = 'none' | 'ended' | 'set-up'

/** Counts seconds down to zero. */
function useCountdown(): [number, (seconds: number) => void] {
  const [until, setUntil] = useState(0)
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (until === 0) return
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)))
    tick()
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [until])
  return [left, (seconds) => setUntil(Date.now() + seconds * 1000)]
}

export function Login({ status, reason, onDone }: { status: Schemas['SetupStatus']; reason: LoginReason; onDone: (me: Schemas['Me']) => void }) {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const [pause, startPause] = useCountdown()

  const submit = async () => {
    if (busy || pause > 0) return
    setBusy(true)
    try {
      onDone(await unwrap(api.POST('/auth/login', { body: { username: username.trim(), password } })))
    } catch (failure) {
      const problem = failure as ApiError
      setError(problem)
      if (problem.name === 'throttled') startPause(problem.problem?.retryAfterSeconds ?? 1)
      setPassword('')
      document.querySelector<HTMLInputElement>('input[name=password]')?.focus()
    } finally {
      setBusy(false)
    }
  }

  const message = () => {
    if (!error) return undefined
    if (error.name === 'throttled') {
      return pause > 0 ? (
        <Note tone="warn" icon={<Clock size={17} aria-hidden />} testId="login-throttled">
          {tn('login.throttled', pause)}
        </Note>
      ) : undefined
    }
    if (error.name === 'invalid-credentials') {
      const left = error.problem?.triesLeft
      return (
        <Note tone="err" icon={<Lock size={17} aria-hidden />} testId="login-error">
          {t('login.wrong')} {left !== undefined && left < 5 ? tn('login.triesLeft', left) : ''}
        </Note>
      )
    }
    return (
      <Note tone="err" testId="login-error">
        {error.name === 'offline' ? t('error.offline.text') : error.message}
      </Note>
    )
  }

  return (
    <AuthFrame status={status}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
        data-testid="login-form"
      >
        <h1>{t('login.title')}</h1>
        <p className="auth-sub">{t('login.to', { server: status.serverName })}</p>
        {message() ??
          (reason !== 'none' && (
            <Note tone="info" icon={<Info size={17} aria-hidden />} live>
              {reason === 'ended' ? t('login.ended') : t('login.setUp')}
            </Note>
          ))}
        <Field label={t('username')}>
          {(props) => (
            <div className="input-icon">
              <User size={16} aria-hidden />
              <input
                {...props}
                className="input"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
                required
                value={username}
                onChange={(event) => setUsername(event.target.value)}
                data-testid="login-username"
              />
            </div>
          )}
        </Field>
        <Field label={t('password')}>
          {(props) => (
            <PasswordInput
              {...props}
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              data-testid="login-password"
            />
          )}
        </Field>
        <Button type="submit" variant="primary" size="l" busy={busy} disabled={pause > 0 || username.trim() === '' || password === ''} data-testid="login-submit">
          {pause > 0 ? tn('login.wait', pause) : t('login.submit')}
        </Button>
      </form>
    </AuthFrame>
  )
}
