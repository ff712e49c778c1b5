import { Eye, EyeOff, Lock } from 'lucide-react'
import { useState, type InputHTMLAttributes } from 'react'
import { t } from '../../i18n'

/** Shortest password that an account may have. */
export const MIN_PASSWORD = 12

/** A password that can be looked at while it is typed. */
export function PasswordInput(props: InputHTMLAttributes<HTMLInputElement>) {
  const [shown, setShown] = useState(false)
  return (
    <div className="input-icon">
      <Lock size={16} aria-hidden />
      <input {...props} className="input" type={shown ? 'text' : 'password'} spellCheck={false} />
      <button type="button" className="icon-btn" aria-label={shown ? t('password.hide') : t('password.show')} aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
      </button>
    </div>
  )
}
